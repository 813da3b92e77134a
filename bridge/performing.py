"""From a script to a performing face: generation in the worker, rendering here, out by the engine.

What the command line and the window share. Nothing is printed; progress comes by callbacks, which
run in the caller's thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from bridge.engine import Engine
from bridge.identity import device_id
from bridge.lanes import RATE_60, Lane
from bridge.sources import ClipSource, RecordingSource, SequenceSource, Source, idle_source
from generator.client import GeneratedKeyframe, WorkerClient
from generator.models import TextChoice
from generator.motion import Interpolation, default_layers
from generator.performance import DEFAULT_SUBJECT, Performance
from generator.script import Script
from livelink.packet import DEFAULT_PORT
from livelink.sender import Sender
from livelink.timecode import FrameRate

DEFAULT_TARGETS = (f"127.0.0.1:{DEFAULT_PORT}",)


@dataclass(frozen=True, slots=True)
class PerformOptions:
    """How to make and send performances.

    Attributes:
        targets: Where to send, "host:port" each.
        subject: Subject name in Unreal.
        rate: Frames per second of rendering and sending.
        model: Registry name of the keyframe model.
        text: Which of each beat's texts it reads.
        seed: Of everything random.
        interpolation: How the face moves between keyframes.
        living: Whether blinks, breath, gaze and the like are laid over the keyframes.
        loop: Whether a performance starts again at its end.
        idle: Whether the face stays alive after it.
    """

    targets: tuple[str, ...] = DEFAULT_TARGETS
    subject: str = DEFAULT_SUBJECT
    rate: FrameRate = RATE_60
    model: str = "auto"
    text: TextChoice = TextChoice.AUTO
    seed: int = 0
    interpolation: Interpolation = Interpolation.MINIMUM_JERK
    living: bool = True
    loop: bool = False
    idle: bool = False


def generate(
    client: WorkerClient,
    script: Script,
    options: PerformOptions,
    on_keyframe: Callable[[GeneratedKeyframe], None] | None = None,
) -> Performance:
    """Return the performance of a script, its keyframes made by the worker.

    Args:
        client: The worker.
        script: What to perform.
        options: Model, text, seed, motion, subject and rate are used.
        on_keyframe: Called with each keyframe as soon as it is there.

    Raises:
        ModelError, WorkerError: As `WorkerClient.keyframes`.
    """
    made = client.keyframes(
        script,
        model=options.model,
        text=options.text,
        seed=options.seed,
        on_keyframe=on_keyframe,
    )
    return Performance.of(
        script,
        [keyframe.values for keyframe in made],
        [keyframe.source for keyframe in made],
        interpolation=options.interpolation,
        layers=default_layers(options.seed) if options.living else (),
        subject=options.subject,
        rate=options.rate,
    )


def source_of(performance: Performance, *, loop: bool = False, idle: bool = False) -> Source:
    """Return what an engine's lane plays for a performance."""
    clip = ClipSource(performance.render(), loop=loop)
    return SequenceSource([clip, idle_source()]) if idle and not loop else clip


class Playing:
    """A sender and an engine that play one source to targets, and end in neutral.

    Any thread may stop it; `engine` gives snapshots and edges.
    """

    def __init__(
        self,
        source: Source | RecordingSource,
        subject: str,
        rate: FrameRate,
        targets: tuple[str, ...],
        *,
        fade: bool | None = None,
    ) -> None:
        """Resolve the targets; nothing is sent before the context is entered.

        Args:
            source: What to play.
            subject: As whom; a recording's packets carry their own.
            rate: Frames per second sent.
            targets: "host:port" each.
            fade: Whether to ease to neutral at the end; None leaves it to the kind of source.

        Raises:
            TargetError: A target cannot be resolved.
            SettingsError: The subject's device id can be neither read nor kept.
            SourceError: The subject cannot be sent.
        """
        lane = Lane(subject, device_id(subject), source, rate, fade=fade)
        self.sender = Sender(targets)
        self.engine = Engine(self.sender, [lane])

    def __enter__(self) -> Self:
        self.engine.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self, *, fade: bool | None = None) -> None:
        """Fade to neutral, end the threads and close the sockets; nothing when that is done.

        A second Ctrl-C lets the short fade end, for Unreal keeps the last face; a third cuts it.
        """
        try:
            self.engine.stop(fade=fade)
        except KeyboardInterrupt:
            self.engine.stop(fade=fade)
            raise
        finally:
            self.sender.close()
