"""Where to send and as whom, and how that goes."""

from __future__ import annotations

import logging
from dataclasses import replace

from PyQt6.QtCore import Qt, pyqtSlot
from PyQt6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QWidget

from bridge.errors import SettingsError
from bridge.settings import Settings, load_settings, save_settings
from livelink.errors import TargetError
from livelink.sender import parse_target
from ui.fields import Line
from ui.player import Levels, Outlet, Playback
from ui.theme import colors_of

_LOG = logging.getLogger(__name__)

_LATE_S = 0.008  # half a frame: more is worth a colour
_LONGEST_SUBJECT = 64


class SendingPanel(QFrame):
    """Two fields, remembered in the settings, and one line that says the truth."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._settings = _settings()
        self.target = Line("Send to", "host:port, several with commas")
        self.subject = Line("Subject", "the name in Unreal")
        self.subject.setMaxLength(_LONGEST_SUBJECT)
        self.subject.setFixedWidth(130)
        self.target.show_text(", ".join(self._settings.targets))
        self.subject.show_text(self._settings.subject)
        self.target.typed.connect(self._on_typed)
        self.subject.typed.connect(self._on_typed)
        self.target.editingFinished.connect(self._on_finished)
        self.subject.editingFinished.connect(self._on_finished)
        self._dot = QLabel("●")
        self.state = QLabel()
        self.state.setObjectName("dim")
        self.state.setAccessibleName("State of sending")
        self.state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.state.setMinimumWidth(60)
        self._lay_out()
        self.show_state(Playback.IDLE)

    @property
    def outlet(self) -> Outlet:
        """Where to send, as it is typed; check `problem` first."""
        return Outlet(self._targets(), self.subject.text().strip())

    @property
    def problem(self) -> str:
        """What is wrong with the fields, or ""."""
        return self._target_problem() or self._subject_problem()

    def set_fixed(self, fixed: bool) -> None:
        """Lock the fields while something is sent there."""
        self.target.setReadOnly(fixed)
        self.subject.setReadOnly(fixed)

    def show_subject(self, subject: str) -> None:
        """Show the subject that a document names."""
        if subject:
            self.subject.show_text(subject)

    def show_state(self, state: Playback) -> None:
        """Say that nothing is sent, or that it begins or ends."""
        colors = colors_of(self.palette())
        self.set_fixed(state is not Playback.IDLE)
        if state is Playback.IDLE:
            self._say("not sending", colors.dim)
        elif state is Playback.STARTING:
            self._say("starting ...", colors.caution)
        elif state is Playback.STOPPING:
            self._say("easing to neutral ...", colors.caution)

    def show_levels(self, levels: Levels, state: Playback) -> None:
        """Say how sending goes."""
        colors = colors_of(self.palette())
        if levels.trouble:
            hint = "Start Unreal there, or facewright monitor."
            self._say(f"{levels.trouble}. {hint}", colors.danger)
            return
        if state is Playback.STOPPING:
            return
        parts = [f"{levels.sent:,} packets".replace(",", "\u202f")]
        color = colors.good
        if levels.late_p99_s is not None:
            parts.append(f"late p99 {levels.late_p99_s * 1e3:.1f} ms")
            color = colors.caution if levels.late_p99_s > _LATE_S else color
        if levels.skipped:
            parts.append(f"{levels.skipped} skipped")
            color = colors.caution
        first = "holding neutral" if levels.resting else "sending"
        self._say(f"{first}: {', '.join(parts)}", color)

    def _say(self, text: str, color: str) -> None:
        self._dot.setStyleSheet(f"color: {color};")
        if self.state.text() != text:
            self.state.setText(text)
            self.state.setToolTip(text)

    def _targets(self) -> tuple[str, ...]:
        return tuple(text.strip() for text in self.target.text().split(",") if text.strip())

    def _target_problem(self) -> str:
        if not self._targets():
            return "Say where to send: a host and a port, e.g. 127.0.0.1:11111."
        try:
            for text in self._targets():
                parse_target(text)
        except TargetError as exc:
            return str(exc)
        return ""

    def _subject_problem(self) -> str:
        return "" if self.subject.text().strip() else "The subject needs a name."

    @pyqtSlot()
    def _on_typed(self) -> None:
        self.target.set_wrong(self._target_problem())
        self.subject.set_wrong(self._subject_problem())

    @pyqtSlot()
    def _on_finished(self) -> None:
        if self.problem:
            return
        outlet = self.outlet
        kept = replace(self._settings, targets=outlet.targets, subject=outlet.subject)
        if kept != self._settings:
            self._settings = kept
            try:
                save_settings(kept)
            except SettingsError as exc:
                _LOG.info("the target is not kept: %s", exc)

    def _lay_out(self) -> None:
        fields = QHBoxLayout()
        fields.setSpacing(8)
        for name, field in (("Send to", self.target), ("as", self.subject)):
            label = QLabel(name)
            label.setObjectName("dim")
            label.setBuddy(field)
            fields.addWidget(label)
            fields.addWidget(field, 1 if field is self.target else 0)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._dot)
        line.addWidget(self.state, 1)
        layout = QGridLayout(self)
        layout.setContentsMargins(14, 9, 14, 9)
        layout.setVerticalSpacing(6)
        layout.addLayout(fields, 0, 0)
        layout.addLayout(line, 1, 0)


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as exc:
        _LOG.info("the settings are not used: %s", exc)
        return Settings()
