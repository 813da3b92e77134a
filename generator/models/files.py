"""A model on disk: a folder of safetensors files and a card that says what they are.

The card (schema facewright.model/1) carries the hash of every weight file; a file is read once,
within a size limit, its hash checked, and only then parsed. safetensors holds numbers and names and
nothing that runs. A folder is written whole or not at all, and never over another.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.documents import checked, text_of
from generator.errors import (
    DamagedModelError,
    DocumentError,
    MissingModelError,
    ModelError,
    NewerDocumentError,
)
from livelink.channels import CHANNEL_HASH

SCHEMA = "facewright.model/1"
CARD = "card.json"
WEIGHTS = "weights.safetensors"

CHANNEL_CONVENTION = "by-name"
"""Texts and poses were written from channel names, so answers map by name (DESIGN, section 3)."""

SPLIT_RULE = "by script, equal texts together (generator.corpus.split)"

MAX_CARD_BYTES = 1 << 20
MAX_WEIGHT_BYTES = 512 << 20

Tensors = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a folder of weights is and where it comes from.

    Attributes:
        name: Registry name.
        kind: What the weights are, in a few words.
        created: Time of training, ISO 8601, UTC.
        command: The command that makes these weights again.
        commit: Commit of the source, or "" where it is not known.
        data_hash: `generator.corpus.data_hash` of the whole corpus they were trained from.
        channel_hash, channel_convention: The channels of the poses; checked on load.
        split: `{rule, seed, share}` of the validation split.
        seed: Of the training.
        settings: What else the training depended on.
        scores: Scores on the validation split, the baselines' among them.
        weights: File name -> SHA-256.
    """

    name: str
    kind: str
    created: str
    command: str
    commit: str
    data_hash: str
    split: Mapping[str, Any]
    seed: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    scores: Mapping[str, Any] = field(default_factory=dict)
    weights: Mapping[str, str] = field(default_factory=dict)
    channel_hash: str = CHANNEL_HASH
    channel_convention: str = CHANNEL_CONVENTION

    @property
    def fingerprint(self) -> str:
        """The first 16 digits of a SHA-256 over the hashes of all weight files."""
        lines = (f"{name} {digest}" for name, digest in sorted(self.weights.items()))
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        names = self.__dataclass_fields__
        return {"schema": SCHEMA} | {name: getattr(self, name) for name in names}


def now_text() -> str:
    """Return the present time as a card has it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write_model(folder: Path, card: ModelCard, files: Mapping[str, Tensors]) -> ModelCard:
    """Write a model folder and return its card with the hashes of the files.

    Args:
        folder: Where; its parent is made, it must not exist yet (or be an empty folder).
        card: What it is; `weights` is filled in here.
        files: File name -> tensors by name.

    Raises:
        ModelError: There is something at `folder` already.
        OSError: It cannot be written.
    """
    from dataclasses import replace

    from safetensors.numpy import save

    refuse_existing(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    blobs = {name: save(dict(tensors)) for name, tensors in files.items()}
    card = replace(card, weights={name: _sha256(blob) for name, blob in blobs.items()})
    text = json.dumps(card.to_json(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, blob in blobs.items():
            (made / name).write_bytes(blob)
        (made / CARD).write_text(text, encoding="utf-8", newline="\n")
        made.chmod(0o755)
        if folder.is_dir():
            folder.rmdir()  # empty: Windows does not rename over it
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return card


def refuse_existing(folder: Path) -> None:
    """Say so before the work when `folder` could not be written after it.

    Raises:
        ModelError: There is something that would be overwritten, or no right to write.
    """
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise ModelError(
            f"{folder} exists already and is not overwritten.",
            "Give another folder, or move that one away first.",
        )
    nearest = next(parent for parent in folder.absolute().parents if parent.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as exc:
        raise ModelError(
            f"{folder} cannot be made: {exc.strerror or exc}.", "Give another folder."
        ) from exc


def read_card(folder: Path) -> ModelCard:
    """Return the card of a model folder.

    Raises:
        MissingModelError: There is no card.
        DamagedModelError: Not a card.
        ModelError: Written by a later Facewright, or made for other channels than ours.
    """
    raw = _read(folder / CARD, MAX_CARD_BYTES)
    try:
        data = checked(text_of(raw.decode("utf-8")), SCHEMA)
    except NewerDocumentError as exc:
        raise ModelError(f"{folder / CARD}: {exc.message}", exc.hint) from exc
    except (DocumentError, UnicodeDecodeError) as exc:
        reason = exc.message if isinstance(exc, DocumentError) else f"It is not UTF-8: {exc}."
        raise DamagedModelError(f"{folder / CARD} is damaged. {reason}", _again(folder)) from exc
    data.pop("schema")
    card = ModelCard(**data)
    ours = (CHANNEL_HASH, CHANNEL_CONVENTION)
    if (card.channel_hash, card.channel_convention) != ours:
        raise ModelError(
            f"The model in {folder} was made for other channels "
            f"({card.channel_hash}, {card.channel_convention}) than this Facewright's {ours}.",
            "Train it again with this version: facewright train.",
        )
    return card


def read_model(folder: Path) -> tuple[ModelCard, dict[str, Tensors]]:
    """Return a folder's card and its tensors by file name, every hash checked.

    Raises:
        MissingModelError: A file is not there.
        DamagedModelError: A file is not what the card says.
        ModelError: Written by a later Facewright, or made for other channels than ours.
    """
    card = read_card(folder)
    return card, {name: _tensors(folder / name, digest) for name, digest in card.weights.items()}


def read_weights(folder: Path, card: ModelCard, name: str) -> bytes:
    """Return one weight file's bytes, its hash checked; for readers with a loader of their own.

    Raises:
        MissingModelError: The file is not there.
        DamagedModelError: The card does not list it, or its hash is another.
    """
    if name not in card.weights:
        raise DamagedModelError(f"{folder / CARD} does not list {name}.", _again(folder))
    return _verified(folder / name, card.weights[name])


def damaged(path: Path, reason: str) -> DamagedModelError:
    """Return the error for a weight file that is not of the form its reader needs."""
    return DamagedModelError(f"{path} is damaged: {reason}.", _again(path.parent))


def _tensors(path: Path, digest: str) -> Tensors:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        tensors: Tensors = load(_verified(path, digest))
    except (SafetensorError, KeyError, ValueError) as exc:
        raise damaged(path, f"it is not a safetensors file ({exc})") from exc
    for name, tensor in tensors.items():
        if tensor.dtype.kind == "f" and not np.isfinite(tensor).all():
            raise damaged(path, f"{name} has values that are not finite")
    return tensors


def _verified(path: Path, digest: str) -> bytes:
    blob = _read(path, MAX_WEIGHT_BYTES)
    if _sha256(blob) != digest:
        raise damaged(path, "its hash is not the one on its card")
    return blob


def _read(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            blob = file.read(limit + 1)
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise MissingModelError(f"{path} is missing.", _again(path.parent)) from exc
    except OSError as exc:
        raise ModelError(f"{path} cannot be read: {exc.strerror}.", "Check its rights.") from exc
    if len(blob) > limit:
        raise damaged(path, f"it is over {limit} bytes")
    return blob


def _again(folder: Path) -> str:
    name = folder.name or "lexical"
    return (
        "Install Facewright again (pip install --force-reinstall facewright), "
        f"or train it anew: facewright train {name} --out FOLDER."
    )


def _sha256(blob: bytes) -> str:
    return hashlib.sha256(blob).hexdigest()
