"""Keyframe models and standardisers behind two protocols, chosen by name.

Importing this package loads no model code; `keyframe_model` imports what the name needs. Only the
worker process calls it.
"""

from __future__ import annotations

from generator.models.protocols import KeyframeModel, Standardiser, TextChoice

__all__ = ["KeyframeModel", "Standardiser", "TextChoice"]
