"""One worker process and its pipes: what comes back, and what becomes of who waits."""

from __future__ import annotations

import logging
import os
import sys
import textwrap
import threading

import pytest

from generator import connection as module
from generator.client import worker_environment
from generator.connection import Answer, Connection
from generator.errors import CancelledError, WorkerDiedError, WorkerError
from generator.protocol import VERSION, Event, EventKind, Op, ProtocolError, Request
from tests.helpers.worker import Gate, fake_command


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(code)]


def _answer(timeout_s: float | None = 5.0) -> tuple[Answer, list[Answer]]:
    cancelled: list[Answer] = []
    return Answer(Request("r1", Op.TRAIN), timeout_s, cancelled.append), cancelled


def test_an_answer_yields_events_in_order_up_to_the_last() -> None:
    answer, cancelled = _answer()
    for kind in (EventKind.PROGRESS, EventKind.METRICS, EventKind.RESULT):
        answer.put(Event("r1", kind, {"step": 1}))
    assert not answer.has_ended
    assert [event.kind for event in answer] == ["progress", "metrics", "result"]
    assert answer.has_ended
    assert list(answer) == []
    assert cancelled == []


def test_an_answer_nobody_reads_drops_progress_and_keeps_the_rest() -> None:
    answer, _ = _answer()
    for _ in range(module.MAX_UNREAD_EVENTS + 5):
        answer.put(Event("r1", EventKind.PROGRESS, {}))
    answer.put(Event("r1", EventKind.KEYFRAME, {}))
    answer.put(Event("r1", EventKind.RESULT, {"done": True}))
    assert answer.dropped == 5
    assert answer.result() == {"done": True}


def test_a_silent_worker_is_given_up_and_the_request_cancelled() -> None:
    answer, cancelled = _answer(timeout_s=0.01)
    with pytest.raises(WorkerError, match=r"nothing for 0\.01 s during train") as caught:
        answer.result()
    assert (caught.value.kind, caught.value.retryable) == ("Timeout", True)
    assert cancelled == [answer]
    assert answer.has_ended


def test_waiting_in_slices_ends_in_time_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WAIT_SLICE_S", 0.001)  # as on Windows
    answer, _ = _answer(timeout_s=0.01)
    with pytest.raises(WorkerError, match="nothing for"):
        answer.result()
    answer, _ = _answer(timeout_s=None)
    threading.Timer(0.01, answer.put, [Event("r1", EventKind.RESULT, {"a": 1})]).start()
    assert answer.result() == {"a": 1}


def test_errors_and_cancellation_are_raised() -> None:
    answer, _ = _answer()
    answer.put(Event("r1", EventKind.CANCELLED))
    with pytest.raises(CancelledError):
        answer.result()
    answer, _ = _answer()
    answer.put(WorkerDiedError("gone"))
    with pytest.raises(WorkerDiedError):
        answer.result()


def test_a_program_that_does_not_exist_is_an_error_that_says_so() -> None:
    with pytest.raises(WorkerError, match="cannot be started with '/no/such/program'"):
        Connection(["/no/such/program"], os.environ)


def test_a_program_that_dies_at_once_is_reported_with_its_last_words() -> None:
    code = "import sys; sys.stderr.write('no module named numpy'); sys.exit(4)"
    connection = Connection(_python(code), os.environ)
    with pytest.raises(WorkerDiedError, match="exit status 4") as caught:
        connection.greet(VERSION, 20.0)
    assert "no module named numpy" in caught.value.hint
    assert not connection.is_alive
    connection.close()


def test_a_program_that_never_says_hello_is_given_up() -> None:
    connection = Connection(_python("import sys; sys.stdin.read()"), os.environ)
    with pytest.raises(WorkerError, match=r"has not said hello within 0\.05 s"):
        connection.greet(VERSION, 0.05)
    connection.kill()


@pytest.mark.parametrize(
    "line", ["Welcome!", '{"id": "r1", "event": "applause"}', '{"id": "r1", "event": "ready"}']
)
def test_a_program_that_is_no_worker_is_ended(line: str, caplog: pytest.LogCaptureFixture) -> None:
    command = _python(f"print({line!r}, flush=True); input(); input()")
    with caplog.at_level(logging.ERROR):
        connection = Connection(command, os.environ)
        with pytest.raises(ProtocolError):
            connection.greet(VERSION, 20.0)
    connection.close()
    assert "broke the protocol" in caplog.text


def test_a_line_too_long_ends_the_worker(caplog: pytest.LogCaptureFixture) -> None:
    code = f"""
        import sys
        for _ in range(9):
            sys.stdout.write("x" * {1024 * 1024})
        print(flush=True)
        sys.stdin.read()
    """
    with caplog.at_level(logging.ERROR):
        connection = Connection(_python(code), os.environ)
        with pytest.raises(ProtocolError, match="longer than"):
            connection.greet(VERSION, 20.0)
    connection.close()


def test_events_of_nobody_are_ignored() -> None:
    code = """
        print('{"id": "zz", "event": "result"}')
        print('{"id": "r1", "event": "ready", "version": 1, "process": 2}', flush=True)
        input(); input()
    """
    connection = Connection(_python(code), os.environ)
    assert connection.greet(VERSION, 20.0) == {"version": 1, "process": 2}
    connection.close()


def test_standard_error_goes_to_the_log_and_its_tail_is_bounded(
    caplog: pytest.LogCaptureFixture,
) -> None:
    code = f"""
        import sys
        for number in range(1000):
            sys.stderr.write(f"INFO some.module: line {{number}}\\n")
        sys.stderr.write("y" * {module.MAX_LOG_LINE_BYTES * 3} + "\\n")
        sys.stderr.write("\\xe9 last words")
    """
    with caplog.at_level(logging.INFO, "generator.worker"):
        connection = Connection(_python(code), os.environ)
        with pytest.raises(WorkerDiedError) as caught:
            connection.greet(VERSION, 20.0)
        connection.close()
    assert "line 999" in caught.value.hint
    assert "line 900" not in caught.value.hint
    assert "(a very long line)" in caught.value.hint
    assert len(connection._tail) == module.TAIL_LINES
    assert any(record.getMessage().endswith("line 0") for record in caplog.records)


def test_close_ends_a_worker_that_does_not_go(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SHUTDOWN_GRACE_S", "TERMINATE_GRACE_S"):
        monkeypatch.setattr(module, name, 0.05)
    code = """
        import signal, sys, threading
        if sys.platform != "win32":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print('{"id": "r1", "event": "ready", "version": 1, "process": 2}', flush=True)
        threading.Event().wait()
    """
    connection = Connection(_python(code), os.environ)
    connection.greet(VERSION, 20.0)
    waiting = connection.request(Op.LOAD, {}, 20.0)
    monkeypatch.setattr(module, "SHUTDOWN_GRACE_S", 0.05)
    connection.close()
    assert not connection.is_alive
    with pytest.raises(WorkerDiedError):
        waiting.result()


def test_close_does_not_wait_for_a_pipe_that_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHUTDOWN_GRACE_S", 0.05)
    connection = Connection(_python("import threading; threading.Event().wait()"), os.environ)

    def send() -> None:
        with pytest.raises(WorkerDiedError):
            connection.request(Op.STANDARDISE, {"prompt": "x" * 4_000_000}, 20.0).result()

    sender = threading.Thread(target=send)
    sender.start()
    monkeypatch.setattr(module, "SHUTDOWN_GRACE_S", 0.2)
    connection.close()
    sender.join(20.0)
    assert not sender.is_alive()


def test_requests_of_several_threads_get_their_own_answers() -> None:
    connection = Connection(fake_command("--normal-priority"), worker_environment())
    connection.greet(VERSION, 20.0)
    got: dict[int, str] = {}

    def ask(number: int) -> None:
        prompt = f"prompt {number} " * 200
        for event in connection.request(Op.STANDARDISE, {"prompt": prompt}, 20.0):
            if event.kind is EventKind.SCRIPT:
                got[number] = event.fields["script"]["prompt"].split()[1]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20.0)
    connection.close()
    assert got == {number: str(number) for number in range(16)}


def test_cancel_of_everything_and_of_nothing() -> None:
    with Gate() as gate:
        connection = Connection(
            fake_command(gate.option, "--normal-priority"), worker_environment()
        )
        gate.accept()
        assert connection.cancel(None) == ()
        beats = [{"description": "x", "transition_s": 1, "hold_s": 1}]
        script = {
            "schema": "facewright.script/1",
            "prompt": "",
            "background": "",
            "emotion": "",
            "beats": beats,
        }
        first = connection.request(Op.KEYFRAMES, {"script": script, "model": "gated"}, 20.0)
        second = connection.request(Op.STANDARDISE, {"prompt": "x"}, 20.0)
        told = connection.cancel(None)
        assert [answer.result()["found"] for answer in told] == [True, True]
        gate.open()
        for answer in (first, second):
            with pytest.raises(CancelledError):
                answer.result()
        assert connection.cancel(first) == ()
        connection.close()
        assert connection.cancel(None) == ()


def test_a_request_to_a_process_that_is_gone_fails_before_anything_is_done() -> None:
    connection = Connection(fake_command(), worker_environment())
    connection.greet(VERSION, 20.0)
    connection.kill()
    connection.kill()
    assert not connection.is_alive
    with pytest.raises(WorkerDiedError):
        connection.request(Op.LOAD, {}, 1.0)
    connection.close()
