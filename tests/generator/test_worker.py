"""The worker process itself, spoken to over bare pipes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from typing import Any, Self

import psutil
import pytest

from generator.client import worker_command, worker_environment
from generator.protocol import MAX_LINE_BYTES
from generator.script import Beat, Script
from generator.worker import LOWEST_NICE, MAX_WAITING, THREAD_VARIABLES
from tests.helpers.worker import PATIENCE_S, Gate, fake_command

_SCRIPT = Script("p", "", "", (Beat("one"), Beat("two"), Beat("three"))).to_json()


class Pipes:
    """A worker process and its bare pipes; a context manager that ends it."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=worker_environment(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate(timeout=PATIENCE_S)

    def send(self, line: bytes | dict[str, Any]) -> None:
        assert self.process.stdin is not None
        data = line if isinstance(line, bytes) else json.dumps(line).encode()
        self.process.stdin.write(data + b"\n")
        self.process.stdin.flush()

    def close_input(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.stdin = None  # or `communicate` flushes it

    def event(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        event: dict[str, Any] = json.loads(self.process.stdout.readline())
        return event

    def last_of(self, request: str) -> list[dict[str, Any]]:
        """Return the events up to the one that ends a request."""
        events = [self.event()]
        while events[-1]["id"] != request or events[-1]["event"] not in (
            "ready", "result", "error", "cancelled",
        ):  # fmt: skip
            events.append(self.event())
        return events


@pytest.fixture
def pipes() -> Iterator[Pipes]:
    with Pipes(fake_command("--normal-priority")) as opened:
        yield opened


def test_hello_states_the_version_and_the_process(pipes: Pipes) -> None:
    pipes.send({"id": "h", "op": "hello", "version": 1})
    assert pipes.event() == {
        "id": "h",
        "event": "ready",
        "version": 1,
        "process": pipes.process.pid,
    }


def test_a_newer_protocol_is_refused_with_what_to_do(pipes: Pipes) -> None:
    pipes.send({"id": "h", "op": "hello", "version": 2, "more": True})
    answer = pipes.event()
    assert (answer["event"], answer["kind"]) == ("error", "ProtocolError")
    assert "version 2" in answer["message"]
    assert "install it again" in answer["hint"]


def test_what_is_out_of_form_is_answered_and_the_worker_goes_on(pipes: Pipes) -> None:
    pipes.send(b"garbage \xff\x00")
    pipes.send(b"")
    pipes.send({"id": "a", "op": "dance"})
    pipes.send({"id": "b", "op": "standardise"})
    pipes.send(b"x" * (MAX_LINE_BYTES + 1))
    pipes.send({"id": "c", "op": "hello", "version": 1})
    events = [pipes.event() for _ in range(5)]
    assert [(e["id"], e["event"]) for e in events] == [
        (None, "error"),
        ("a", "error"),
        ("b", "error"),
        (None, "error"),
        ("c", "ready"),
    ]
    assert "not JSON" in events[0]["message"]
    assert "no op 'dance'" in events[1]["message"]
    assert "needs the field 'prompt'" in events[2]["message"]
    assert "longer than" in events[3]["message"]
    assert all(e["retryable"] is False for e in events[:4])


def test_the_longest_line_is_taken_in(pipes: Pipes) -> None:
    frame = {"id": "a", "op": "standardise", "prompt": ""}
    prompt = "x" * (MAX_LINE_BYTES - len(json.dumps(frame)))
    pipes.send({**frame, "prompt": prompt})
    assert pipes.event()["kind"] == "PromptError"


def test_nothing_that_libraries_print_reaches_the_protocol(pipes: Pipes) -> None:
    pipes.send({"id": "k", "op": "keyframes", "script": _SCRIPT, "model": "printing"})
    events = pipes.last_of("k")
    assert [e["event"] for e in events] == ["keyframe", "progress"] * 3 + ["result"]
    assert all(e["id"] == "k" for e in events)
    pipes.close_input()
    assert pipes.process.stderr is not None
    said = pipes.process.stderr.read()
    assert said.count(b"a library prints") == 3
    assert said.count(b"a child prints") == 3
    assert b"WARNING py.warnings" in said


def test_a_bug_in_a_model_is_told_and_logged_and_the_worker_goes_on(pipes: Pipes) -> None:
    pipes.send({"id": "k", "op": "keyframes", "script": _SCRIPT, "model": "bug"})
    (error,) = pipes.last_of("k")
    assert error["kind"] == "RuntimeError"
    assert "a bug in the model" in error["message"]
    pipes.send({"id": "m", "op": "keyframes", "script": _SCRIPT, "model": "memory"})
    (error,) = pipes.last_of("m")
    assert (error["kind"], error["retryable"]) == ("ModelError", True)
    pipes.send({"id": "n", "op": "keyframes", "script": _SCRIPT, "model": "fake"})
    assert pipes.last_of("n")[-1]["event"] == "result"
    pipes.send({"id": "s", "op": "shutdown"})
    _, said = pipes.process.communicate(timeout=PATIENCE_S)
    assert b"Traceback" in said
    assert b"a bug in the model" in said


def test_shutdown_ends_the_process_with_status_0(pipes: Pipes) -> None:
    pipes.send({"id": "s", "op": "shutdown"})
    assert pipes.event() == {"id": "s", "event": "result"}
    assert pipes.process.wait(PATIENCE_S) == 0


def test_requests_are_done_in_order_and_hello_is_answered_meanwhile() -> None:
    with Gate() as gate, Pipes(fake_command(gate.option, "--normal-priority")) as pipes:
        gate.accept()
        pipes.send({"id": "k", "op": "keyframes", "script": _SCRIPT, "model": "gated"})
        pipes.send({"id": "s", "op": "standardise", "prompt": "a smile"})
        pipes.send({"id": "h", "op": "hello", "version": 1})
        assert pipes.event()["id"] == "h"
        gate.open(3)
        events = pipes.last_of("s")
        assert [e["event"] for e in events[-3:]] == ["result", "script", "result"]


def test_cancel_stops_before_the_next_keyframe_and_reaches_waiting_requests() -> None:
    with Gate() as gate, Pipes(fake_command(gate.option, "--normal-priority")) as pipes:
        gate.accept()
        pipes.send({"id": "k", "op": "keyframes", "script": _SCRIPT, "model": "gated"})
        pipes.send({"id": "w", "op": "standardise", "prompt": "a smile"})
        gate.open()
        assert [pipes.event()["event"] for _ in range(2)] == ["keyframe", "progress"]
        for name, target in (("c1", "w"), ("c2", "k"), ("c3", "nobody")):
            pipes.send({"id": name, "op": "cancel", "target": target})
            found = target != "nobody"
            assert pipes.event() == {"id": name, "event": "result", "found": found}
        gate.open()
        assert pipes.event() == {"id": "k", "event": "cancelled"}
        assert pipes.event() == {"id": "w", "event": "cancelled"}
        pipes.send({"id": "c4", "op": "cancel", "target": "k"})
        assert pipes.event()["found"] is False


def test_an_id_under_way_and_too_many_requests_are_refused() -> None:
    with Gate() as gate, Pipes(fake_command(gate.option, "--normal-priority")) as pipes:
        gate.accept()
        request = {"op": "keyframes", "script": _SCRIPT, "model": "gated"}
        for number in range(MAX_WAITING + 1):
            pipes.send({"id": f"k{number}", **request})
        pipes.send({"id": "k0", **request})
        twice = pipes.event()
        assert (twice["id"], twice["event"]) == ("k0", "error")
        assert "already under way" in twice["message"]
        pipes.send({"id": "more", **request})
        refused = pipes.event()
        assert (refused["id"], refused["retryable"]) == ("more", True)
        pipes.send({"id": "s", "op": "shutdown"})
        assert pipes.event() == {"id": "s", "event": "result"}
        gate.open()
        events = [pipes.event() for _ in range(MAX_WAITING + 1)]
        assert {e["event"] for e in events} == {"cancelled"}
        assert pipes.process.wait(PATIENCE_S) == 0


def test_it_ends_at_once_when_its_input_closes_even_in_the_middle_of_a_request() -> None:
    with Gate() as gate, Pipes(fake_command(gate.option, "--normal-priority")) as pipes:
        gate.accept()
        pipes.send({"id": "k", "op": "keyframes", "script": _SCRIPT, "model": "gated"})
        pipes.send({"id": "h", "op": "hello", "version": 1})
        assert pipes.event()["event"] == "ready"
        pipes.close_input()
        gate.wait_until_gone()
        assert pipes.process.wait(PATIENCE_S) == 0


_PARENT = """
    import sys
    from generator.client import WorkerClient
    from generator.script import Beat, Script

    client = WorkerClient(sys.argv[1:])
    client.start()
    client.request("keyframes", script=Script("", "", "", (Beat("x"),)).to_json(), model="gated")
    print("started", flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9; TerminateProcess is")
def test_no_worker_outlives_a_parent_that_is_killed() -> None:
    with Gate() as gate:
        parent = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(_PARENT), *fake_command(gate.option)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=worker_environment(),
        )
        try:
            worker = gate.accept()
            assert worker != parent.pid
            assert parent.stdout is not None
            assert parent.stdout.readline() == b"started\n"
            parent.send_signal(signal.SIGKILL)
            assert parent.wait(PATIENCE_S) == -signal.SIGKILL
            gate.wait_until_gone()
        finally:
            parent.kill()
            parent.communicate(timeout=PATIENCE_S)


@pytest.mark.skipif(not hasattr(signal, "SIGINT") or os.name == "nt", reason="needs POSIX signals")
def test_ctrl_c_is_left_to_the_client(pipes: Pipes) -> None:
    pipes.send({"id": "h", "op": "hello", "version": 1})
    assert pipes.event()["event"] == "ready"
    pipes.process.send_signal(signal.SIGINT)
    pipes.send({"id": "k", "op": "keyframes", "script": _SCRIPT, "model": "fake"})
    assert pipes.last_of("k")[-1]["event"] == "result"


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's own accounts of a process")
@pytest.mark.parametrize("lowered", [True, False])
def test_priority_cores_and_threads(lowered: bool) -> None:
    mine = os.sched_getaffinity(0)
    command = [*worker_command(normal_priority=not lowered)]
    with Pipes(command) as pipes:
        pipes.send({"id": "h", "op": "hello", "version": 1})
        assert pipes.event()["event"] == "ready"
        worker = psutil.Process(pipes.process.pid)
        nices = {os.getpriority(os.PRIO_PROCESS, thread.id) for thread in worker.threads()}
        cores = {frozenset(os.sched_getaffinity(thread.id)) for thread in worker.threads()}
        if lowered:
            assert nices == {LOWEST_NICE}
            assert {len(kept) for kept in cores} == {max(len(mine) - 1, 1)}
        else:
            assert nices == {os.getpriority(os.PRIO_PROCESS, 0)}
            assert cores == {frozenset(mine)}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the number of cores differs")
def test_thread_counts_are_set_before_numpy_and_kept_where_given() -> None:
    code = """
        import os, sys
        from generator import worker
        before = "numpy" in sys.modules
        cores = worker.lower_priority()
        print(before, cores, *(os.environ[name] for name in worker.THREAD_VARIABLES))
    """
    environment = {k: v for k, v in worker_environment().items() if k not in THREAD_VARIABLES}
    environment["OMP_NUM_THREADS"] = "7"
    said = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        timeout=PATIENCE_S,
        text=True,
    ).stdout.split()
    cores = str(max(len(os.sched_getaffinity(0)) - 1, 1))
    assert said == ["False", cores, "7", *[cores] * (len(THREAD_VARIABLES) - 1)]


def test_help_says_how_to_run_it() -> None:
    said = subprocess.run(
        [*worker_command(), "--help"],
        env=worker_environment(),
        stdout=subprocess.PIPE,
        check=True,
        timeout=PATIENCE_S,
    ).stdout
    assert b"--normal-priority" in said
