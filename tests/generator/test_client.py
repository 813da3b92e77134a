"""The worker's client against real processes with fake models."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from generator import client as module
from generator import connection
from generator.client import GeneratedKeyframe, WorkerClient, worker_command, worker_environment
from generator.errors import (
    CancelledError,
    DamagedModelError,
    MissingModelError,
    ModelError,
    PromptError,
    UnknownModelError,
    WorkerDiedError,
    WorkerError,
)
from generator.models.protocols import TextChoice
from generator.protocol import Event, EventKind, Op, ProtocolError
from generator.script import Beat, Script
from tests.helpers.worker import Gate, expected_values, fake_command

_SCRIPT = Script(
    "She smiles.", "a room", "joy", (Beat("smiles", "corners up"), Beat("frowns"), Beat("blinks"))
)


@pytest.fixture(scope="module")
def shared() -> Iterator[WorkerClient]:
    """A client for tests that leave the worker as they found it."""
    with WorkerClient(fake_command("--normal-priority")) as client:
        client.start()
        yield client


def test_nothing_starts_before_the_first_request() -> None:
    with WorkerClient(["/no/such/program"]) as client:
        assert client.process_id is None
        assert client.cancel() == ()
        client.kill()


def test_standardise_returns_a_script_and_who_made_it(shared: WorkerClient) -> None:
    script, note = shared.standardise("smiles\nfrowns")
    assert [beat.description for beat in script.beats] == ["smiles", "frowns"]
    assert "rules" in note


def test_keyframes_come_one_by_one_with_their_source(shared: WorkerClient) -> None:
    seen: list[GeneratedKeyframe] = []
    made = shared.keyframes(_SCRIPT, model="fake", seed=9, on_keyframe=seen.append)
    assert made == seen
    assert [keyframe.index for keyframe in made] == [0, 1, 2]
    for index, keyframe in enumerate(made):
        assert np.array_equal(keyframe.values, expected_values(index, 9, TextChoice.AUTO))
        assert not keyframe.values.flags.writeable
    assert made[0].source.model == "fake"
    assert made[0].source.adapter_hash == "fake-fingerprint"
    assert made[0].source.prompt_version == "prompts-3"
    assert (made[0].source.seed, made[0].source.text) == (9, "anatomical")
    assert made[0].note == ""
    assert shared.keyframes(_SCRIPT, model="noted")[0].note == "a fake"


def test_keyframes_of_some_beats_and_the_other_text(shared: WorkerClient) -> None:
    made = shared.keyframes(_SCRIPT, indices=[2, 0], text=TextChoice.ANATOMICAL)
    assert [(keyframe.index, keyframe.fell_back) for keyframe in made] == [(2, True), (0, False)]
    assert shared.keyframes(_SCRIPT, indices=[]) == []


@pytest.mark.parametrize(
    ("model", "error", "hint"),
    [
        ("damaged", DamagedModelError, "Install it again."),
        ("missing", MissingModelError, "pip install it."),
        ("nobody", UnknownModelError, "Known: fake."),
        ("nan", ModelError, "Choose another model"),
    ],
)
def test_errors_arrive_as_our_own_with_their_hints(
    shared: WorkerClient, model: str, error: type[Exception], hint: str
) -> None:
    with pytest.raises(error) as caught:
        shared.keyframes(_SCRIPT, model=model)
    assert type(caught.value) is error
    assert hint in str(caught.value)


@pytest.mark.parametrize("prompt", ["", "\x00\ud800" * 11_000])
def test_a_prompt_that_cannot_be_performed(shared: WorkerClient, prompt: str) -> None:
    with pytest.raises(PromptError):
        shared.standardise(prompt)


def test_any_characters_travel(shared: WorkerClient) -> None:
    prompt = "Zoë 笑う 🙂 \u2028 \x85 \ud800 \x01 \\ \" '"
    script, _ = shared.standardise(prompt)
    assert script.prompt == prompt


def test_a_bug_in_the_worker_is_told_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        with WorkerClient(fake_command("--normal-priority")) as client:
            with pytest.raises(WorkerError, match="a bug in") as caught:
                client.keyframes(_SCRIPT, model="bug")
            assert client.keyframes(_SCRIPT, model="fake")
        assert caught.value.kind == "RuntimeError"
    assert "ERROR generator.worker: keyframes failed" in caplog.text


def test_a_request_too_long_is_refused_before_it_is_sent(shared: WorkerClient) -> None:
    with pytest.raises(ProtocolError, match="longer than"):
        shared.request(Op.STANDARDISE, prompt="x" * 9_000_000)
    with pytest.raises(ValueError, match="dance"):
        shared.request("dance")
    assert shared.standardise("fine")[0].prompt == "fine"


def test_load_evaluate_and_describe(shared: WorkerClient) -> None:
    assert shared.load("fake")["model"] == "fake"
    told: list[tuple[int, int]] = []
    said = shared.evaluate(
        "fake", share=0.02, on_progress=lambda done, total: told.append((done, total))
    )
    assert 0.0 < said["texts"]["anatomical"]["fake"]["mae"] < 1.0
    assert told[-1][0] == told[-1][1] > said["split"]["scripts"]
    try:
        text = shared.describe(np.full(61, 0.5, np.float32))
    except WorkerError as exc:
        assert exc.kind == "Unsupported"  # noqa: PT017 - until this version has a describer
        assert "generator.describe" in exc.message  # noqa: PT017
    else:
        assert text


def test_train_tells_progress_and_metrics_and_returns_the_card(tmp_path: Path) -> None:
    events: list[Event] = []
    told: list[tuple[int, int]] = []
    with WorkerClient(fake_command("--normal-priority", "--fake-training")) as client:
        card = client.train(
            "lexical",
            tmp_path / "out",
            {"steps": 3},
            on_progress=lambda done, total: told.append((done, total)),
            on_event=events.append,
        )
    assert card == {"name": "lexical", "out": str(tmp_path / "out")}
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert [event.kind for event in events] == ["metrics", "progress"] * 3


def test_train_of_what_cannot_be_trained(shared: WorkerClient, tmp_path: Path) -> None:
    with pytest.raises(UnknownModelError, match="'nothing'"):
        shared.train("nothing", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_callback_that_raises_cancels_the_request() -> None:
    with Gate() as gate, WorkerClient(fake_command(gate.option, "--normal-priority")) as client:

        def refuse(keyframe: GeneratedKeyframe) -> None:
            raise KeyboardInterrupt

        client.start()
        gate.accept()
        gate.open()
        with pytest.raises(KeyboardInterrupt):
            client.keyframes(_SCRIPT, model="gated", on_keyframe=refuse)
        gate.open(2)  # the second keyframe is being made, the third perhaps: cancel may be slower
        assert client.standardise("next")[0].prompt == "next"


def test_cancel_from_another_thread() -> None:
    with Gate() as gate, WorkerClient(fake_command(gate.option, "--normal-priority")) as client:
        first = threading.Event()
        outcome: list[BaseException] = []

        def ask() -> None:
            try:
                client.keyframes(_SCRIPT, model="gated", on_keyframe=lambda _: first.set())
            except CancelledError as exc:
                outcome.append(exc)

        thread = threading.Thread(target=ask)
        thread.start()
        gate.accept()
        gate.open()
        assert first.wait(20.0)
        (told,) = client.cancel()
        assert told.result()["found"] is True
        gate.open()
        thread.join(20.0)
        assert [type(exc) for exc in outcome] == [CancelledError]
        assert client.standardise("next")[0].prompt == "next"


def test_a_worker_killed_in_mid_request_is_told_and_the_next_request_starts_another() -> None:
    with Gate() as gate, WorkerClient(fake_command(gate.option, "--normal-priority")) as client:
        answer = client.request(Op.KEYFRAMES, script=_SCRIPT.to_json(), model="gated")
        first = gate.accept()
        assert client.process_id == first
        gate.open()
        assert next(iter(answer)).kind is EventKind.KEYFRAME
        psutil.Process(first).kill()
        with pytest.raises(WorkerDiedError, match=r"ended .* during keyframes") as caught:
            answer.result()
        assert caught.value.retryable
        if os.name == "posix":
            assert f"signal {int(signal.SIGKILL)}" in caught.value.message
        assert client.standardise("again")[0].prompt == "again"
        assert gate.accept() == client.process_id != first


def test_a_worker_that_crashes_leaves_its_last_words(caplog: pytest.LogCaptureFixture) -> None:
    with WorkerClient(fake_command("--normal-priority")) as client:
        with caplog.at_level(logging.ERROR), pytest.raises(WorkerDiedError) as caught:
            client.keyframes(_SCRIPT, model="crash")
        assert "exit status 3" in caught.value.message
        assert "these are my last words" in caught.value.hint
        assert client.keyframes(_SCRIPT, model="fake")


def test_a_worker_killed_while_idle_is_replaced_unnoticed() -> None:
    with Gate() as gate, WorkerClient(fake_command(gate.option, "--normal-priority")) as client:
        client.start()
        first = gate.accept()
        psutil.Process(first).kill()
        running = client._connection
        assert running is not None
        running._reader.join(20.0)  # it has noticed
        assert client.standardise("again")[0].prompt == "again"
        assert gate.accept() == client.process_id != first


def test_kill_frees_who_waits_and_the_client_goes_on() -> None:
    with Gate() as gate, WorkerClient(fake_command(gate.option, "--normal-priority")) as client:
        answer = client.request(Op.KEYFRAMES, script=_SCRIPT.to_json(), model="gated")
        gate.accept()
        client.kill()
        client.kill()
        gate.wait_until_gone()
        with pytest.raises(WorkerDiedError):
            answer.result()
        assert client.process_id is None
        assert client.standardise("again")[0].prompt == "again"


def test_close_joins_everything_and_refuses_what_comes_after() -> None:
    threads = set(threading.enumerate())
    client = WorkerClient(fake_command("--normal-priority"))
    client.start()
    process = psutil.Process(client.process_id)
    client.close()
    assert set(threading.enumerate()) == threads
    assert not process.is_running()
    client.close()
    assert client.process_id is None
    with pytest.raises(WorkerError, match="closed"):
        client.standardise("late")


def test_close_during_a_request_frees_who_waits() -> None:
    with Gate() as gate, WorkerClient(fake_command(gate.option, "--normal-priority")) as client:
        answer = client.request(Op.KEYFRAMES, script=_SCRIPT.to_json(), model="gated")
        gate.accept()
        closing = threading.Thread(target=client.close)
        closing.start()
        gate.open()
        closing.join(20.0)
        with pytest.raises((CancelledError, WorkerDiedError)):
            answer.result()


def test_close_during_a_start_does_not_wait_for_hello(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "SHUTDOWN_GRACE_S", 0.05)
    client = WorkerClient([sys.executable, "-c", "import sys; sys.stdin.read()"])
    failed: list[WorkerError] = []
    spawned = threading.Event()

    def start() -> None:
        spawned.set()
        try:
            client.start()
        except WorkerError as exc:
            failed.append(exc)

    thread = threading.Thread(target=start)
    thread.start()
    assert spawned.wait(20.0)
    client.close()
    thread.join(20.0)
    assert not thread.is_alive()
    assert len(failed) == 1


def test_a_worker_that_never_says_hello() -> None:
    command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with (
        WorkerClient(command, hello_timeout_s=0.05) as client,
        pytest.raises(WorkerError, match="has not said hello"),
    ):
        client.start()


def test_a_worker_of_a_later_version_is_refused() -> None:
    ready = json.dumps({"id": "r1", "event": "ready", "version": 2, "process": 3})
    command = [sys.executable, "-c", f"print({ready!r}, flush=True); input(); input()"]
    with WorkerClient(command) as client:
        with pytest.raises(ProtocolError, match="version 2") as caught:
            client.start()
        assert "install it again" in caught.value.hint
        assert client.process_id is None


def test_a_worker_that_stays_silent_is_given_up() -> None:
    with Gate() as gate:
        command = fake_command(gate.option, "--normal-priority")
        with WorkerClient(command, timeout_s=0.05) as client:
            client.start()
            gate.accept()
            with pytest.raises(WorkerError, match="said nothing for") as caught:
                client.keyframes(_SCRIPT, model="gated")
            assert caught.value.kind == "Timeout"
            gate.open()  # the cancelled request ends, and the next one is done


def test_threads_share_one_worker() -> None:
    with Gate() as gate, WorkerClient(fake_command(gate.option, "--normal-priority")) as client:
        processes: list[int | None] = []

        def ask(number: int) -> None:
            assert client.standardise(f"prompt {number}")[0].prompt == f"prompt {number}"
            processes.append(client.process_id)

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20.0)
        assert processes == [gate.accept()] * 6


def test_the_real_worker_is_found_from_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for trap in ("generator", "numpy"):
        (tmp_path / f"{trap}.py").write_text("raise SystemExit('taken from the current folder')")
    monkeypatch.chdir(tmp_path)
    with WorkerClient() as client:
        client.start()
        assert client.process_id is not None
        with pytest.raises(ProtocolError, match="no field"):
            client.request(Op.LOAD, modle="auto").result()


def test_the_environment_names_our_packages_only_where_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/given")
    root = str(Path(module.__file__).resolve().parent.parent)
    assert worker_environment()["PYTHONPATH"] == os.pathsep.join((root, "/given"))
    monkeypatch.setattr(sysconfig, "get_path", lambda _: root)
    assert worker_environment()["PYTHONPATH"] == "/given"
    assert "-P" in worker_command()
    assert worker_command(normal_priority=True)[-1] == "--normal-priority"


def test_importing_the_client_loads_no_engine() -> None:
    code = """if True:
        import sys, generator.client
        heavy = {"torch", "transformers", "peft", "scipy", "jsonschema", "PyQt6", "psutil"}
        print(sorted(heavy & set(sys.modules)))
    """
    command = [sys.executable, "-c", code]
    said = subprocess.check_output(command, env=worker_environment(), timeout=30)
    assert said.strip() == b"[]"
