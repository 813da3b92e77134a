"""Who we are on the wire: one stable device id for each subject, kept in the settings folder.

Unreal tells senders apart by device id and subject, so a subject keeps its id for ever and no two
subjects share one. Like the app's, an id is a UUID in 36 upper-case characters.
"""

from __future__ import annotations

import logging
import re
import uuid
from typing import Any

from bridge.errors import NewerSettingsError, SettingsError
from bridge.settings import JsonStore, config_dir
from livelink.frame import DeviceId

_LOG = logging.getLogger(__name__)

_FORM = re.compile(r"[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}")
_OURS = uuid.UUID("6c1f3f7e-5f0a-4f1c-9a5b-3a2d8e7b9c40")  # namespace of ids that cannot be kept


def device_id(subject: str) -> DeviceId:
    """Return the device id of a subject, made and kept the first time it is asked for.

    Two processes that ask at once get the same one. Where nothing can be kept, a warning is logged
    and the id is derived from this computer and the subject, which is the same next time too.
    """
    store = JsonStore(config_dir() / "identities.json", "identities")
    try:
        known = _sound(store.read().get("subjects")).get(subject)
        if known is None:
            known = _sound(store.update(lambda kept: _add(kept, subject))["subjects"])[subject]
    except NewerSettingsError:
        raise
    except SettingsError as exc:
        _LOG.warning("The device id of %s is not kept: %s", subject, exc)
        known = str(uuid.uuid5(_OURS, f"{uuid.getnode():x}/{subject}")).upper()
    return DeviceId(known)


def _add(kept: dict[str, Any], subject: str) -> None:
    subjects = _sound(kept.get("subjects"))
    subjects.setdefault(subject, str(uuid.uuid4()).upper())
    kept["subjects"] = subjects


def _sound(subjects: object) -> dict[str, str]:
    """Return the entries that are ids; of those that share one, only the first keeps it."""
    sound: dict[str, str] = {}
    if isinstance(subjects, dict):
        for name, value in subjects.items():
            whole = isinstance(value, str) and _FORM.fullmatch(value) is not None
            if whole and value not in sound.values():
                sound[name] = value
    return sound
