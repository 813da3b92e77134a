"""The window: prompt and script to the left, the performing face to the right.

It composes models and panels and connects them; each panel's own behaviour is in its module.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PyQt6.QtCore import QByteArray, Qt, QTimer, pyqtSlot
from PyQt6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PyQt6.QtWidgets import QApplication, QMainWindow, QMessageBox, QSplitter, QVBoxLayout, QWidget

from generator.client import WorkerClient
from generator.script import Script
from ui import theme
from ui.document import Document
from ui.draft import Pose
from ui.files import Files
from ui.generation import Busy, Generation
from ui.menus import Menus, ShortcutList
from ui.messages import MessageBar
from ui.notify import Notifier
from ui.player import Player
from ui.portraits import Portraits
from ui.preferences import Preferences
from ui.prompt_panel import PromptPanel
from ui.questions import Dialogs, Questions
from ui.reel import Reel
from ui.script_panel import ScriptPanel
from ui.stage import Stage
from ui.tasks import Tasks

_LOG = logging.getLogger(__name__)

_SIZE = (1280, 800)
_LEAST = (980, 660)


class Window(QMainWindow):
    """Facewright's window."""

    def __init__(
        self,
        client: WorkerClient | None = None,
        questions: Questions | None = None,
        *,
        model: str = "auto",
    ) -> None:
        """Make the window; nothing is started before it is shown.

        Args:
            client: The worker; this installation's when None.
            questions: Who answers questions; dialogs when None.
            model: Registry name of the keyframe model.
        """
        super().__init__()
        self.setWindowTitle("Facewright")
        self.setAcceptDrops(True)
        self.setMinimumSize(*_LEAST)
        self.tasks = Tasks(self)
        self.notifier = Notifier(self)
        self.preferences = Preferences.load()
        self.document = Document(self)
        self.player = Player(self.tasks, self.notifier, self)
        self.portraits = Portraits(self.tasks, self)
        self.generation = Generation(
            client or WorkerClient(), self.tasks, self.notifier, model=model, parent=self
        )
        self.files = Files(
            self.document,
            self.tasks,
            self.notifier,
            questions or Dialogs(self),
            self.preferences,
            self,
        )
        self._begun = self._closed = self._asking = False
        self._then_make = self._then_play = False
        self._making: frozenset[int] = frozenset()
        self._to_open: Path | None = None
        self.prompt = PromptPanel(self.preferences.now.prompts)
        self.script = ScriptPanel(self.document, self.portraits)
        self.stage = Stage(self.document, self.player, self.portraits, self.tasks, self.notifier)
        self.messages = MessageBar()
        self._lay_out()
        self.menus = Menus(self, self._handlers())
        self._connect()
        self._show_recent()
        self._show_title()
        self._show_busy()
        self._restore()
        self.prompt.box.setFocus()

    def open_at_start(self, path: Path) -> None:
        """Open a file as soon as the window has been painted."""
        self._to_open = path

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """Start the rest once the window has been painted."""
        super().paintEvent(event)
        if not self._begun:
            self._begun = True
            QTimer.singleShot(0, self._begin)

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Ask about unsaved changes; then end everything that was started."""
        if event is None:
            return
        self._asking = True
        if not self._closed:
            self.files.unless_unsaved(self._close_now)
        self._asking = False
        if not self._closed:  # cancelled, or first to be saved
            event.ignore()
            return
        self.close_down()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:  # noqa: N802 - Qt's name
        """Take files."""
        data = event.mimeData() if event is not None else None
        if event is not None and data is not None and any(u.isLocalFile() for u in data.urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:  # noqa: N802 - Qt's name
        """Open the first file that was dropped."""
        data = event.mimeData() if event is not None else None
        if event is None or data is None:
            return
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.files.open(paths[0])
        if len(paths) > 1:
            self.notifier.info(f"Only the first of {len(paths)} files was opened.")

    def set_theme(self, choice: str) -> None:
        """Take other colours and keep the choice."""
        self.preferences.keep(theme=choice)
        self._redress()

    # Beginning and end --------------------------------------------------------------------------

    @pyqtSlot()
    def _begin(self) -> None:
        self.generation.warm_up()
        self.stage.begin()
        self.tasks.run("render", _preload)
        if self._to_open is not None:
            self.files.open(self._to_open)

    def _close_now(self) -> None:
        self._closed = True
        if not self._asking:
            self.close()

    def close_down(self) -> None:
        """End threads, the engine (easing to neutral) and the worker; again does nothing."""
        self._closed = True
        if self.tasks.is_closed:
            return
        self._keep_layout()
        self.hide()
        self.stage.close_down()
        self.portraits.close()
        self.generation.close()
        stuck = self.tasks.close()
        self.player.close()
        if stuck:
            _LOG.error("these threads did not end: %s", ", ".join(stuck))

    def _keep_layout(self) -> None:
        self.preferences.keep(
            geometry=_packed(self.saveGeometry()), layout=_packed(self._splitter.saveState())
        )

    def _restore(self) -> None:
        self.resize(*_SIZE)
        kept = self.preferences.now
        if kept.geometry:
            self.restoreGeometry(QByteArray.fromBase64(kept.geometry.encode("ascii", "ignore")))
        if kept.layout:
            state = QByteArray.fromBase64(kept.layout.encode("ascii", "ignore"))
            self._splitter.restoreState(state)

    # Making -------------------------------------------------------------------------------------

    @pyqtSlot(str)
    def _on_perform_wanted(self, prompt: str) -> None:
        self._write_script(prompt, make=True)

    @pyqtSlot(str)
    def _on_script_wanted(self, prompt: str) -> None:
        self._write_script(prompt, make=False)

    def _write_script(self, prompt: str, *, make: bool) -> None:
        if self.generation.busy is not Busy.NOTHING:
            return
        self.preferences.add_prompt(prompt)
        self.prompt.box.remember(self.preferences.now.prompts)
        self._then_make = make
        self.generation.write_script(prompt)

    @pyqtSlot(object)
    def _on_script_made(self, script: Script) -> None:
        self.document.set_script(script)
        if self._then_make:
            self._then_play = True
            self._make([entry.key for entry in self.document.draft.entries])

    @pyqtSlot(object)
    def _on_keyframes_wanted(self, keys: tuple[int, ...]) -> None:
        self._then_play = False
        self._make(list(keys))

    def _make(self, keys: list[int]) -> None:
        draft = self.document.draft
        empty = [
            number
            for number, entry in enumerate(draft.entries, 1)
            if entry.key in keys
            and not (entry.beat.description.strip() or entry.beat.anatomical.strip())
        ]
        if empty:
            self.notifier.error(f"Beat {empty[0]} has no words yet: say what the face does there.")
            return
        self._making = frozenset(keys)
        self.generation.make_poses(draft, keys)

    @pyqtSlot(int, object, str)
    def _on_pose_made(self, key: int, pose: Pose, run: str) -> None:
        self.document.set_pose(key, pose, run)
        self.script.set_made(key)

    @pyqtSlot()
    def _on_made(self) -> None:
        if self._then_play:
            self._then_play = False
            self.stage.play_when_rendered()

    @pyqtSlot()
    def _show_busy(self) -> None:
        busy = self.generation.busy
        keys: frozenset[int] = self._making if busy is Busy.KEYFRAMES else frozenset()
        said = "writing the script ..." if busy is Busy.SCRIPT else "waiting for the model ..."
        self.prompt.set_busy(busy is not Busy.NOTHING)
        self.script.set_busy(keys, busy=busy is not Busy.NOTHING, what=said)
        self.menus.actions["cancel"].setEnabled(busy is not Busy.NOTHING)

    def _on_cancel(self) -> None:
        self._then_make = self._then_play = False
        self.generation.cancel()

    # Looking ------------------------------------------------------------------------------------

    @pyqtSlot(int)
    def _on_beat_chosen(self, key: int) -> None:
        index = self.document.draft.index_of(key)
        if index is not None:
            self.stage.scrub_to_beat(index)

    @pyqtSlot(int)
    def _on_mark_chosen(self, index: int) -> None:
        entries = self.document.draft.entries
        if index < len(entries):
            self.script.set_current(entries[index].key)

    @pyqtSlot(float)
    def _on_time_shown(self, time_s: float) -> None:
        reel, entries = self.stage.reel, self.document.draft.entries
        key = None
        for mark in reel.marks if reel is not None else ():
            inside = mark.from_s < time_s <= mark.until_s + 1e-6
            if inside and mark.beat is not None and mark.beat < len(entries):
                key = entries[mark.beat].key
        self.script.set_current(key)

    @pyqtSlot()
    def _show_title(self) -> None:
        self.setWindowTitle(f"{self.document.title}[*] - Facewright")
        self.setWindowModified(self.document.is_modified)

    @pyqtSlot(str)
    def _on_document_opened(self, subject: str) -> None:
        self.player.stop()
        self.prompt.show_prompt(self.document.draft.prompt)
        self.stage.sending.show_subject(subject)
        self.stage.timeline.show_time(0.0)

    @pyqtSlot(object)
    def _on_reel_opened(self, reel: Reel) -> None:
        self.notifier.info(f"Playing {reel.title}, {reel.duration_s:.1f} s.")
        self.stage.show_reel(reel, play=True)

    @pyqtSlot()
    def _show_recent(self) -> None:
        menu = self.menus.recent
        menu.clear()
        for name in self.preferences.now.recent:
            action = QAction(name.replace("&", "&&"), menu)
            action.triggered.connect(partial(self._open_recent, Path(name)))
            menu.addAction(action)
        menu.setEnabled(bool(self.preferences.now.recent))

    def _open_recent(self, path: Path, _checked: bool = False) -> None:
        self.files.open(path)

    @pyqtSlot()
    def _redress(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, self.preferences.now.theme)
            self.messages.redress()
            self.stage.sending.show_state(self.player.state)
            self.stage.head.redraw()
            self.script.redraw_faces()

    def _on_about(self) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("facewright")
        except PackageNotFoundError:
            number = "(not installed)"
        QMessageBox.about(
            self,
            "Facewright",
            f"<b>Facewright {number}</b><p>Type what a face should do; a MetaHuman performs it at "
            "once over Live Link Face.</p><p>GPL-3.0-or-later.</p>",
        )

    def _on_shortcuts(self) -> None:
        ShortcutList(self).open()

    def _on_loop(self) -> None:
        loop = self.stage.loop_button
        if loop.isEnabled():
            loop.toggle()

    # Composition --------------------------------------------------------------------------------

    def _handlers(self) -> dict[str, Callable[[], None]]:
        stage, script, files = self.stage, self.script, self.files
        return {
            "new": files.new,
            "open": files.open,
            "save": files.save,
            "save_as": files.save_as,
            "export": lambda: files.export_csv(stage.reel),
            "quit": lambda: _ignored(self.close()),
            "undo": self.document.undo.undo,
            "redo": self.document.undo.redo,
            "add_beat": script.add_button.click,
            "go_prompt": self.prompt.box.setFocus,
            "go_timeline": stage.timeline.setFocus,
            "perform": self.prompt.perform_button.click,
            "script": self.prompt.script_button.click,
            "keyframes": script.make_button.click,
            "cancel": self._on_cancel,
            "play": stage.play_button.click,
            "loop": self._on_loop,
            "panic": stage.panic_button.click,
            "theme_system": partial(self.set_theme, "system"),
            "theme_dark": partial(self.set_theme, "dark"),
            "theme_light": partial(self.set_theme, "light"),
            "log": self.messages.toggle_log,
            "shortcuts": self._on_shortcuts,
            "about": self._on_about,
        }

    def _connect(self) -> None:
        self.notifier.said.connect(self.messages.show_message)
        self.prompt.perform_wanted.connect(self._on_perform_wanted)
        self.prompt.script_wanted.connect(self._on_script_wanted)
        self.script.keyframes_wanted.connect(self._on_keyframes_wanted)
        self.script.cancel_wanted.connect(self._on_cancel)
        self.script.beat_chosen.connect(self._on_beat_chosen)
        generation = self.generation
        generation.script_made.connect(self._on_script_made)
        generation.pose_made.connect(self._on_pose_made)
        generation.progressed.connect(self.script.set_progress)
        generation.made.connect(self._on_made)
        generation.busy_changed.connect(self._show_busy)
        self.stage.time_shown.connect(self._on_time_shown)
        self.stage.mark_chosen.connect(self._on_mark_chosen)
        self.document.named.connect(self._show_title)
        self.document.modified.connect(self._show_title)
        self.files.document_opened.connect(self._on_document_opened)
        self.files.reel_opened.connect(self._on_reel_opened)
        self.files.recent_changed.connect(self._show_recent)
        undo = self.document.undo
        for name, signal in (("undo", undo.canUndoChanged), ("redo", undo.canRedoChanged)):
            self.menus.actions[name].setEnabled(False)
            signal.connect(self.menus.actions[name].setEnabled)
        hints = QApplication.styleHints()
        if hints is not None:
            hints.colorSchemeChanged.connect(self._redress)

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.prompt)
        column.addWidget(self.script, 1)
        left.setMinimumWidth(430)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(10)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self.stage)
        self._splitter.setStretchFactor(0, 2)
        self._splitter.setStretchFactor(1, 3)
        self._splitter.setSizes([500, 760])
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        holder = QVBoxLayout()
        holder.setContentsMargins(12, 4, 12, 4)
        holder.addWidget(self._splitter)
        layout.addLayout(holder, 1)
        layout.addWidget(self.messages)
        self.setCentralWidget(middle)


def _preload() -> None:
    """Load what rendering needs (scipy: half a second) before somebody waits for it."""
    import generator.performance  # noqa: F401


def _packed(state: QByteArray) -> str:
    return bytes(state.toBase64().data()).decode("ascii")


def _ignored(_: object) -> None:
    """Drop what a call returned."""
