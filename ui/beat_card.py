"""A beat as a card: its face, its words and seconds, and what can be done with it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PyQt6.QtCore import QEvent, QObject, QRectF, Qt, pyqtSignal, pyqtSlot
from PyQt6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from generator.errors import DocumentError
from generator.script import MAX_TEXT, MIN_TRANSITION_S, Beat
from ui.buttons import SignButton
from ui.draft import Entry
from ui.fields import GrowingText, Seconds, WindowUndo
from ui.theme import colors_of

FACE_PX = 84

_ACTIONS = (
    ("again", "Make this keyframe again"),
    ("up", "Move the beat up"),
    ("down", "Move the beat down"),
    ("copy", "Duplicate the beat"),
    ("delete", "Delete the beat"),
)


class Thumbnail(QWidget):
    """A small face, or the place of one.

    Signals:
        clicked: It was pressed.
    """

    clicked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(FACE_PX, FACE_PX)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._image: QImage | None = None
        self._stale = False
        self._working = False

    def show_face(self, image: QImage | None) -> None:
        """Show a face, or that there is none."""
        self._image = image
        self.update()

    def set_state(self, *, stale: bool, working: bool) -> None:
        """Say whether the face is of other words than the beat has now, and being made."""
        if (stale, working) != (self._stale, self._working):
            self._stale, self._working = stale, working
            self.update()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Tell that it was pressed."""
        super().mousePressEvent(event)
        self.clicked.emit()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's
        """Draw the face in a rounded square."""
        colors = colors_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        clip = QPainterPath()
        clip.addRoundedRect(box, 7, 7)
        painter.fillPath(clip, QColor(colors.stage))
        if self._image is not None:
            painter.save()
            painter.setClipPath(clip)
            painter.setOpacity(0.4 if self._stale else 1.0)
            painter.drawImage(box, self._image)
            painter.restore()
        else:
            painter.setPen(QColor(colors.dim))
            words = "making ..." if self._working else "no face\nyet"
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        edge = colors.accent if self._working else colors.caution if self._stale else colors.line
        painter.setPen(QPen(QColor(edge), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 7, 7)
        painter.end()


class BeatCard(QFrame):
    """One beat, to be read and edited.

    Signals:
        edited: (key, Beat, name of the field).
        action_wanted: (key, one of "again", "up", "down", "copy", "delete").
        chosen: The key; somebody looks at this beat.
    """

    edited = pyqtSignal(int, object, str)
    action_wanted = pyqtSignal(int, str)
    chosen = pyqtSignal(int)

    def __init__(self, entry: Entry, undo: WindowUndo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.key = entry.key
        self._beat: Beat = entry.beat
        self.face = Thumbnail()
        self.face.clicked.connect(self._on_face_clicked)
        self.words = GrowingText(1, 8)
        self.words.setPlaceholderText("What the face does in this moment")
        self.transition = Seconds("Seconds to get there", MIN_TRANSITION_S)
        self.hold = Seconds("Seconds it stays", 0.0)
        self._number = QLabel()
        self._number.setObjectName("number")
        self._stale = QLabel("words changed")
        self._stale.setObjectName("stale")
        self._stale.setToolTip("The keyframe was made of other words than the beat has now.")
        self.signs = {name: SignButton(name, says) for name, says in _ACTIONS}
        for field in (self.words, self.transition, self.hold):
            field.installEventFilter(undo)
            field.installEventFilter(self)
        self.words.setUndoRedoEnabled(False)
        self.words.typed.connect(self._on_words)
        self.transition.typed.connect(self._on_transition)
        self.hold.typed.connect(self._on_hold)
        for name, made in self.signs.items():
            made.clicked.connect(partial(self._on_action, name))
        self._lay_out()

    def show_entry(self, entry: Entry, number: int, count: int, *, stale: bool) -> None:
        """Show what the model has.

        Args:
            entry: The beat with its pose.
            number: Its number, from 1.
            count: How many beats there are.
            stale: Whether the pose is of other words.
        """
        self._beat = entry.beat
        self._number.setText(str(number))
        self.words.show_text(entry.beat.description)
        self.words.setAccessibleName(f"Beat {number}, what the face does")
        self.transition.show_value(entry.beat.transition_s)
        self.transition.setAccessibleName(f"Beat {number}, seconds to get there")
        self.hold.show_value(entry.beat.hold_s)
        self.hold.setAccessibleName(f"Beat {number}, seconds it stays")
        self._stale.setVisible(stale)
        self.signs["up"].setEnabled(number > 1)
        self.signs["down"].setEnabled(number < count)

    def set_busy(self, *, busy: bool, stale: bool, working: bool) -> None:
        """Show whether this beat's face is being made, and whether another can be."""
        self.signs["again"].setEnabled(not busy)
        self.face.set_state(stale=stale, working=working)

    def set_current(self, current: bool) -> None:
        """Mark the beat that the timeline is at."""
        if self.property("current") != current:
            self.setProperty("current", current)
            style = self.style()
            if style is not None:
                style.unpolish(self)
                style.polish(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802
        """Tell that the beat is looked at when one of its fields gets the focus."""
        if event is not None and event.type() is QEvent.Type.FocusIn:
            self.chosen.emit(self.key)
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(5)
        row.addWidget(_dim("transition"))
        row.addWidget(self.transition)
        row.addSpacing(4)
        row.addWidget(_dim("hold"))
        row.addWidget(self.hold)
        row.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(0)
        top.addWidget(self._number)
        top.addSpacing(10)
        top.addWidget(self._stale)
        top.addStretch(1)
        for made in self.signs.values():
            top.addWidget(made)
        right = QVBoxLayout()
        right.setSpacing(5)
        right.addLayout(top)
        right.addWidget(self.words)
        right.addLayout(row)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 10)
        layout.setSpacing(10)
        layout.addWidget(self.face, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addLayout(right, 1)

    def _change(self, field: str, beat: Beat) -> None:
        self._beat = beat
        self.edited.emit(self.key, beat, field)

    @pyqtSlot(str)
    def _on_words(self, text: str) -> None:
        if text == self._beat.description:
            return
        try:  # what was written muscle by muscle described the words before
            self._change("description", replace(self._beat, description=text, anatomical=""))
        except DocumentError:  # a pasted text beyond all limits
            self.words.show_text(text[:MAX_TEXT])
            self._change("description", replace(self._beat, description=text[:MAX_TEXT]))

    @pyqtSlot(float)
    def _on_transition(self, value_s: float) -> None:
        self._change("transition_s", replace(self._beat, transition_s=value_s))

    @pyqtSlot(float)
    def _on_hold(self, value_s: float) -> None:
        self._change("hold_s", replace(self._beat, hold_s=value_s))

    @pyqtSlot()
    def _on_face_clicked(self) -> None:
        self.chosen.emit(self.key)

    def _on_action(self, name: str, _checked: bool = False) -> None:
        self.action_wanted.emit(self.key, name)


def _dim(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("dim")
    return label
