"""The script as a form: situation, emotion, a card for each beat, and the way to keyframes.

Shows the document and writes back through it; asks for keyframes by a signal.
"""

from __future__ import annotations

from PyQt6.QtCore import Qt, QTimer, pyqtSignal, pyqtSlot
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from generator.script import MAX_BEATS, Beat
from livelink.frame import Values
from ui.beat_card import FACE_PX, BeatCard
from ui.buttons import button
from ui.document import Document
from ui.draft import Entry
from ui.fields import Line, WindowUndo
from ui.portraits import Portraits
from ui.theme import colors_of, rgb

_AT_ONCE = 12  # cards made in one go; each takes 3 ms


class ScriptPanel(QFrame):
    """The document's script.

    Signals:
        keyframes_wanted: (keys of beats,) to be made.
        cancel_wanted: What is being made is to be given up.
        beat_chosen: The key of the beat that is looked at.
    """

    keyframes_wanted = pyqtSignal(object)
    cancel_wanted = pyqtSignal()
    beat_chosen = pyqtSignal(int)

    def __init__(
        self, document: Document, portraits: Portraits, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._document = document
        self._portraits = portraits
        self._undo = WindowUndo(self)
        self._cards: dict[int, BeatCard] = {}
        self._faces: dict[int, tuple[int, Values]] = {}  # key -> (pixels, what the card shows)
        self._working: frozenset[int] = frozenset()
        self._busy = False
        self._to_reveal = 0
        self._limit = _AT_ONCE  # cards shown by now
        self.background = Line("Background", "the situation, e.g. alone in the kitchen at night")
        self.emotion = Line("Emotion", "e.g. grief hidden behind a smile")
        self.add_button = button("Add beat", "Add a beat at the end", "link")
        self.make_button = button(
            "Make keyframes", "Make the keyframes that are missing or stale", "", "Ctrl+G"
        )
        self.cancel_button = button("Cancel", "Give up what is being made", "", "Esc")
        self._total = QLabel()
        self._total.setObjectName("dim")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress")
        self._said = QLabel()
        self._said.setObjectName("dim")
        self._lay_out()
        self._connect()
        self.refresh()

    def set_busy(self, keys: frozenset[int], *, busy: bool, what: str = "") -> None:
        """Show that something is made, and for which beats."""
        self._busy, self._working = busy, keys
        self._bar.setRange(0, 0 if busy else 1)
        self._said.setText(what)
        self._progress.setVisible(busy)
        self.refresh()

    def set_progress(self, done: int, total: int) -> None:
        """Show how many keyframes are there."""
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)
        self._said.setText(f"keyframe {min(done + 1, total)} of {total}")

    def set_made(self, key: int) -> None:
        """Note that one of those being made is there."""
        self._working -= {key}
        self.refresh()

    def set_current(self, key: int | None) -> None:
        """Mark the beat that the timeline is at."""
        for of, card in self._cards.items():
            card.set_current(of == key)
        if key is not None and key != self._to_reveal and not self._has_focus():
            self._to_reveal = key
            self._on_reveal()

    def _make_all_cards(self) -> None:
        self.refresh()
        while self._limit < len(self._document.draft.entries):
            self._on_more()

    def card(self, key: int) -> BeatCard:
        """Return the card of a beat."""
        return self._cards[key]

    @pyqtSlot()
    def refresh(self) -> None:
        """Show the document as it is now."""
        draft = self._document.draft
        self.background.show_text(draft.background)
        self.emotion.show_text(draft.emotion)
        stale = draft.stale()
        if not any(entry.key in self._cards for entry in draft.entries):
            self._limit = _AT_ONCE  # another script
        shown = draft.entries[: self._limit]
        if len(shown) < len(draft.entries):
            QTimer.singleShot(0, self._on_more)
        self._match_cards(shown)
        for number, entry in enumerate(shown, 1):
            card, old = self._cards[entry.key], entry.key in stale
            card.show_entry(entry, number, len(draft.entries), stale=old)
            card.set_busy(busy=self._busy, stale=old, working=entry.key in self._working)
            self._show_face(card, entry)
        self._form.setVisible(not draft.is_empty)
        self._empty.setVisible(draft.is_empty)
        self._footer.setVisible(not draft.is_empty)
        self._show_footer()

    def _show_footer(self) -> None:
        draft = self._document.draft
        script = draft.script
        beats = "no beats" if script is None else f"{len(script.beats)} beats"
        beats = "1 beat" if len(draft.entries) == 1 else beats
        length = "" if script is None else f", {script.duration_s:.1f} s"
        self._total.setText(beats + length)
        missing = len(draft.unmade())
        fresh = missing == 0
        self.make_button.setText("Make all again" if fresh else "Make keyframes")
        self.make_button.setAccessibleName(self.make_button.text())
        self.make_button.setEnabled(bool(draft.entries) and not self._busy)
        self.make_button.setProperty("role", "" if fresh else "primary")
        style = self.make_button.style()
        if style is not None:
            style.unpolish(self.make_button)
            style.polish(self.make_button)
        self.add_button.setEnabled(len(draft.entries) < MAX_BEATS)

    def _show_face(self, card: BeatCard, entry: Entry) -> None:
        if entry.pose is None:
            self._faces.pop(entry.key, None)
            card.face.show_face(None)
            return
        pixels = round(FACE_PX * self.devicePixelRatioF())
        known = self._faces.get(entry.key)
        if known is not None and known[0] == pixels and known[1] is entry.pose.values:
            return
        values, key = entry.pose.values, entry.key
        self._faces[key] = (pixels, values)

        def show(image: QImage) -> None:
            if key in self._cards and self._faces.get(key) == (pixels, values):
                self._cards[key].face.show_face(image)

        ground = rgb(colors_of(self.palette()).stage)
        self._portraits.thumbnail(values, pixels, ground, show)

    def redraw_faces(self) -> None:
        """Draw the faces anew, because the theme has changed."""
        self._faces.clear()
        self.refresh()

    def _match_cards(self, entries: tuple[Entry, ...]) -> None:
        """Make, delete and order the cards so that there is one for each beat."""
        wanted = [entry.key for entry in entries]
        for key in [key for key in self._cards if key not in wanted]:
            card = self._cards.pop(key)
            self._faces.pop(key, None)
            self._beats.removeWidget(card)
            card.hide()
            card.deleteLater()
        for index, entry in enumerate(entries):
            card = self._cards.get(entry.key) or self._new_card(entry)
            item = self._beats.itemAt(index)
            if item is None or item.widget() is not card:
                self._beats.removeWidget(card)
                self._beats.insertWidget(index, card)

    def _new_card(self, entry: Entry) -> BeatCard:
        card = BeatCard(entry, self._undo)
        card.edited.connect(self._on_edited)
        card.action_wanted.connect(self._on_action)
        card.chosen.connect(self.beat_chosen)
        self._cards[entry.key] = card
        return card

    def focus_beat(self, key: int) -> None:
        """Put the cursor into a beat and bring it into view."""
        if key not in self._cards:
            self._make_all_cards()
        card = self._cards[key]
        card.words.setFocus()
        self._to_reveal = key
        QTimer.singleShot(0, self._on_reveal)  # the card has its place only then

    def _has_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    @pyqtSlot()
    def _on_more(self) -> None:
        if self._limit < len(self._document.draft.entries):
            self._limit += _AT_ONCE
            self.refresh()

    @pyqtSlot()
    def _on_reveal(self) -> None:
        card = self._cards.get(self._to_reveal)
        if card is not None:
            self._area.ensureWidgetVisible(card)

    def _connect(self) -> None:
        self._document.changed.connect(self.refresh)
        for field in (self.background, self.emotion):
            field.installEventFilter(self._undo)
        self.background.typed.connect(self._on_background)
        self.emotion.typed.connect(self._on_emotion)
        self.add_button.clicked.connect(self._on_add)
        self.make_button.clicked.connect(self._on_make)
        self.cancel_button.clicked.connect(self.cancel_wanted)

    @pyqtSlot(str)
    def _on_background(self, text: str) -> None:
        self._document.set_text("background", text)

    @pyqtSlot(str)
    def _on_emotion(self, text: str) -> None:
        self._document.set_text("emotion", text)

    @pyqtSlot(int, object, str)
    def _on_edited(self, key: int, beat: Beat, field: str) -> None:
        self._document.set_beat(key, beat, field)

    @pyqtSlot()
    def _on_add(self) -> None:
        self.focus_beat(self._document.add_beat())

    @pyqtSlot()
    def _on_make(self) -> None:
        draft = self._document.draft
        keys = draft.unmade() or tuple(
            e.key for e in draft.entries if e.pose is None or not e.pose.locked
        )
        self.keyframes_wanted.emit(keys)

    @pyqtSlot(int, str)
    def _on_action(self, key: int, action: str) -> None:
        if action == "again":
            self.keyframes_wanted.emit((key,))
        elif action == "copy":
            if len(self._document.draft.entries) < MAX_BEATS:
                self.focus_beat(self._document.copy_beat(key))
        elif action == "delete":
            self._document.delete_beat(key)
        else:
            self._document.move_beat(key, -1 if action == "up" else 1)

    # Layout -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        heading = QLabel("Script")
        heading.setObjectName("heading")
        top = QHBoxLayout()
        top.addWidget(heading)
        top.addStretch(1)
        top.addWidget(self._total)
        self._empty = QLabel(
            "No script yet.\n\nType above what the face should do and press Ctrl+Enter,\n"
            "or open a performance, a script or a take."
        )
        self._empty.setObjectName("empty")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self._make_progress())
        layout.addWidget(self._empty, 1)
        layout.addWidget(self._make_form(), 1)
        layout.addWidget(self._make_footer())

    def _make_form(self) -> QWidget:
        self._form = QWidget()
        column = QVBoxLayout(self._form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for name, field in (("Background", self.background), ("Emotion", self.emotion)):
            label = QLabel(name)
            label.setObjectName("dim")
            label.setFixedWidth(82)
            label.setBuddy(field)
            row = QHBoxLayout()
            row.addWidget(label)
            row.addWidget(field, 1)
            column.addLayout(row)
        inside = QWidget()
        holder = QVBoxLayout(inside)
        holder.setContentsMargins(0, 0, 4, 0)
        holder.setSpacing(8)
        self._beats = QVBoxLayout()
        self._beats.setSpacing(8)
        holder.addLayout(self._beats)
        holder.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setAccessibleName("Beats")
        self._area.setWidget(inside)
        column.addWidget(self._area, 1)
        return self._form

    def _make_footer(self) -> QWidget:
        self._footer = QWidget()
        row = QHBoxLayout(self._footer)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.make_button)
        row.addStretch(1)
        row.addWidget(self.add_button)
        return self._footer

    def _make_progress(self) -> QWidget:
        self._progress = QWidget()
        row = QHBoxLayout(self._progress)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._said)
        row.addWidget(self._bar, 1)
        row.addWidget(self.cancel_button)
        self._progress.hide()
        return self._progress
