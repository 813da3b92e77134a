"""The stage: the head, its bars, the timeline, play and stop, and where it is sent.

Keeps the reel in step with the document, and hands every face that is sent or scrubbed to those
who show it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, QTimer, pyqtSignal, pyqtSlot
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.bars import Bars
from ui.buttons import button
from ui.document import Document
from ui.draft import Draft
from ui.head_view import HeadView
from ui.notify import Notifier
from ui.player import Levels, Playback, Player
from ui.portraits import Portraits
from ui.reel import Reel, reel_of
from ui.sending import SendingPanel
from ui.tasks import Tasks
from ui.timeline import Timeline

if TYPE_CHECKING:
    from livelink.frame import Values

_RENDER_MS = 120  # without another change, the document is rendered


class Stage(QWidget):
    """Everything to the right.

    Signals:
        time_shown: The playhead is at this second.
        mark_chosen: Index of a beat whose keyframe was pressed.
        reel_changed: Another reel lies on the timeline, or none.
    """

    time_shown = pyqtSignal(float)
    mark_chosen = pyqtSignal(int)
    reel_changed = pyqtSignal()

    def __init__(
        self,
        document: Document,
        player: Player,
        portraits: Portraits,
        tasks: Tasks,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self._document, self._player = document, player
        self._tasks, self._notifier = tasks, notifier
        self._reel: Reel | None = None
        self._rendered: Draft | None = None
        self._play_when_rendered = False
        self._play_again = False
        self._taken = False  # a take lies on the timeline, not the document
        self._beat_wanted: int | None = None  # to be shown once the document is rendered
        self._troubled = False
        self.head = HeadView(portraits, notifier)
        self.bars = Bars()
        self.timeline = Timeline()
        self.sending = SendingPanel()
        self.play_button = button("Play", "Send it, or ease to neutral and stop", "", "Ctrl+Space")
        self.loop_button = button("Loop", "Start again at the end", "", "Ctrl+L")
        self.loop_button.setCheckable(True)
        self.panic_button = button(
            "Panic", "Fade the face to neutral at once, and hold it", "danger", "Ctrl+."
        )
        self.clock = QLabel()
        self.clock.setObjectName("clock")
        self._what = QLabel()
        self._what.setObjectName("dim")
        self._delay = QTimer(self)
        self._delay.setObjectName("stage-render")
        self._delay.setSingleShot(True)
        self._delay.setInterval(_RENDER_MS)
        self._delay.timeout.connect(self._on_render_due)
        self._lay_out()
        self._connect()
        self._show_reel(None)

    @property
    def reel(self) -> Reel | None:
        """What lies on the timeline."""
        return self._reel

    def begin(self) -> None:
        """Draw the first face; called once the window has been painted."""
        self.head.begin()

    def close_down(self) -> None:
        """Stop timers; nothing is asked for any more."""
        self._delay.stop()
        self.head.stop()

    def show_reel(self, reel: Reel, *, play: bool) -> None:
        """Put a take or recording on the timeline.

        Args:
            reel: What was read.
            play: Whether to play it at once.
        """
        self._delay.stop()
        self._taken = True
        self._rendered = self._document.draft  # the document comes back with its next change
        self.timeline.show_time(0.0)
        self._show_reel(reel)
        self.sending.show_subject(reel.subject)
        if play:
            self._restart()

    def play_when_rendered(self) -> None:
        """Play the document as it is now, as soon as it is rendered."""
        self.timeline.show_time(0.0)
        self._play_when_rendered = True
        self._delay.start(0)

    def toggle_play(self) -> None:
        """Play, or stop."""
        if self._player.is_active:
            self._play_when_rendered = False
            self._player.stop()
        else:
            self._play()

    def scrub_to_beat(self, index: int) -> None:
        """Show the keyframe of a beat, unless something is sent; a take gives way to it."""
        if self._player.is_active:
            return
        if self._taken and self._document.draft.has_motion:
            self._taken, self._rendered, self._beat_wanted = False, None, index
            self._delay.start(0)
            return
        for mark in self._reel.marks if self._reel is not None else ():
            if mark.beat == index:
                self.timeline.show_time(mark.time_s)
                self._on_scrubbed(mark.time_s)
                return

    def _play(self) -> None:
        if self._reel is None:
            self._notifier.info("There is nothing to play yet: type a prompt and perform it.")
            return
        if self.sending.problem:
            self._notifier.error(self.sending.problem)
            self.sending.target.setFocus()
            return
        self._troubled = False
        self._player.play(
            self._reel,
            self.sending.outlet,
            loop=self.loop_button.isChecked(),
            from_s=self.timeline.time_s,
        )

    def _restart(self) -> None:
        """Play from the beginning; what is sent now is brought to its end first."""
        if self._player.is_active:
            self._play_again = True
            self._player.stop()
        else:
            self._play()

    # The document -------------------------------------------------------------------------------

    @pyqtSlot()
    def _on_document_changed(self) -> None:
        self._delay.start(_RENDER_MS)

    @pyqtSlot()
    def _on_render_due(self) -> None:
        draft = self._document.draft
        if draft is self._rendered:
            self._on_rendered(draft, self._reel)
            return
        work = partial(_rendered, draft, self._document.title, self.sending.outlet.subject)
        self._tasks.run_latest(
            "render", work, partial(self._on_rendered, draft), partial(self._on_unfit, draft)
        )

    def _on_rendered(self, draft: Draft, reel: Reel | None) -> None:
        self._rendered, self._taken = draft, False
        self._show_reel(reel)
        if self._beat_wanted is not None:
            beat, self._beat_wanted = self._beat_wanted, None
            self.scrub_to_beat(beat)
        if self._play_when_rendered and reel is not None:
            self._play_when_rendered = False
            self._restart()

    def _on_unfit(self, draft: Draft, error: Exception) -> None:
        self._rendered = draft
        self._play_when_rendered = False
        self._show_reel(None)
        self._notifier.error(error)

    def _show_reel(self, reel: Reel | None) -> None:
        self._reel = reel
        self.timeline.show_reel(reel)
        takes = reel is not None and not reel.marks
        self._what.setText(reel.title if reel is not None and takes else "")
        for note in reel.notes if reel is not None else ():
            self._notifier.info(note)
        self._show_playback()
        if not self._player.is_active:
            self._on_scrubbed(self.timeline.time_s)
        self.reel_changed.emit()

    # Playing ------------------------------------------------------------------------------------

    @pyqtSlot(object)
    def _on_state(self, state: Playback) -> None:
        self.sending.show_state(state)
        self.head.set_live(state is not Playback.IDLE)
        self._show_playback()
        if state is Playback.IDLE:
            ended = self._reel is None or self.timeline.time_s >= self._reel.duration_s - 0.1
            if ended:
                self.timeline.show_time(0.0)
            if self._play_again:
                self._play_again = False
                self.timeline.show_time(0.0)
                self._play()
            else:
                self._on_scrubbed(self.timeline.time_s)

    @pyqtSlot(object)
    def _on_polled(self, levels: Levels) -> None:
        self.sending.show_levels(levels, self._player.state)
        if levels.trouble and not self._troubled:
            self._troubled = True
            self._notifier.warning(
                f"{levels.trouble}. Start Unreal there, or listen with facewright monitor; "
                "sending goes on."
            )
        if self._player.state is Playback.PLAYING:
            self.timeline.show_time(levels.time_s)
            self._show_clock()
            self.time_shown.emit(levels.time_s)
        if levels.values is not None:
            self._show_values(levels.values)

    @pyqtSlot(float)
    def _on_scrubbed(self, time_s: float) -> None:
        if self._player.is_active:
            return
        self._show_clock()
        self.time_shown.emit(time_s)
        values = self._reel.values_at(time_s) if self._reel is not None else None
        if values is not None:
            self._show_values(values)

    @pyqtSlot()
    def _on_play(self) -> None:
        self.toggle_play()

    @pyqtSlot()
    def _on_panic(self) -> None:
        self._player.panic()

    def _show_values(self, values: Values) -> None:
        self.head.show_values(values)
        self.bars.show_values(values, moving=self._player.is_active)

    def _show_playback(self) -> None:
        state = self._player.state
        active = state is not Playback.IDLE
        self.play_button.setText("Stop" if active else "Play")
        self.play_button.setAccessibleName(self.play_button.text())
        self.play_button.setEnabled(
            state is not Playback.STOPPING and (active or self._reel is not None)
        )
        self.loop_button.setEnabled(not active)
        self.panic_button.setEnabled(state is Playback.PLAYING)
        self._show_clock()

    def _show_clock(self) -> None:
        length_s = self._reel.duration_s if self._reel is not None else 0.0
        self.clock.setText(f"{self.timeline.time_s:.2f} / {length_s:.2f} s")

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Play and stop with the space bar while nothing that types has the focus."""
        if event is not None and event.key() == Qt.Key.Key_Space:
            self.toggle_play()
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        self._document.changed.connect(self._on_document_changed)
        self._player.state_changed.connect(self._on_state)
        self._player.polled.connect(self._on_polled)
        self.timeline.scrubbed.connect(self._on_scrubbed)
        self.timeline.mark_chosen.connect(self.mark_chosen)
        self.play_button.clicked.connect(self._on_play)
        self.panic_button.clicked.connect(self._on_panic)

    def _lay_out(self) -> None:
        self.clock.setMinimumWidth(110)
        self.clock.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.play_button.setProperty("role", "primary")
        self.play_button.setMinimumWidth(84)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.play_button, self.loop_button, self.panic_button):
            row.addWidget(widget)
        row.addSpacing(6)
        row.addWidget(self._what)
        row.addStretch(1)
        row.addWidget(self.clock)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.head, 1)
        layout.addWidget(self.bars)
        layout.addWidget(self.timeline)
        layout.addLayout(row)
        layout.addWidget(self.sending)


def _rendered(draft: Draft, title: str, subject: str) -> Reel | None:
    performance = draft.performance(subject)
    return None if performance is None else reel_of(performance, title)
