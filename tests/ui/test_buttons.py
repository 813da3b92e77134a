from __future__ import annotations

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ui.buttons import _SIGNS, SignButton, button


@pytest.mark.parametrize("sign", sorted(_SIGNS))
def test_a_sign_is_drawn_and_pressed(qtbot: QtBot, sign: str) -> None:
    made = SignButton(sign, "Do it")
    qtbot.addWidget(made)
    made.show()
    picture = made.grab().toImage()
    assert len({picture.pixel(x, y) for x in range(26) for y in range(26)}) > 3
    with qtbot.waitSignal(made.clicked):
        qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    made.setEnabled(False)
    made.grab()
    assert made.accessibleName() == "Do it"


def test_a_button_says_what_it_does_and_its_keys(qtbot: QtBot) -> None:
    made = button("Play", "Send it", "primary", "Ctrl+Space")
    qtbot.addWidget(made)
    assert made.toolTip() == "Send it  (Ctrl+Space)"
    assert made.accessibleDescription() == "Send it"
    assert made.property("role") == "primary"
