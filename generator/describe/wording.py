"""What can be said of a face, and the ways of saying it. Data only.

Each wording is "subject|verb part|participle part": 'The inner brows rise slightly' or 'inner
brows slightly raised'. Slots: {d} and {e} are degrees after their word, {p} and {q} the same two
before it, {m} the second as an adjective with its article; {s} is the side, {o} the other
one. In a full sentence the subject takes 'the'.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SAYINGS: Final[Mapping[str, tuple[str, ...]]] = {
    # brows
    "brows up": (
        "brows|rise {d}|raised {d}",
        "eyebrows|lift {d} along their whole length|{p} raised along their whole length",
        "brows|climb {d}, inner and outer ends alike|{p} raised, inner and outer ends alike",
    ),
    "brows up by parts": (
        "inner brows|rise {d}, the outer ends {e}|raised {d}, the outer ends {e}",
        (
            "brows|lift {d} at the inner ends and {e} at the tails"
            "|raised {d} at the inner ends and {e} at the tails"
        ),
    ),
    "inner brows up": (
        "inner brows|rise {d}|{p} raised",
        "inner brows|climb {d}|pulled up {d}",
        "inner brows|draw up {d}|drawn up {d}",
    ),
    "inner brows up and a knit": (
        "inner brows|rise {d} while the brows knit {e}|{p} raised while the brows knit {e}",
        (
            "inner brows|lift {d}, the brows drawn together {e}"
            "|lifted {d}, the brows drawn together {e}"
        ),
        "inner brows|rise {d} over {m} frown|{p} raised over {m} frown",
    ),
    "brows down": (
        "brows|draw down and together {d}|drawn down and together {d}",
        "brows|lower {d}|{p} lowered",
        "brows|knit {d}|{p} knitted",
    ),
    "brow down": (
        "{s} brow|lowers {d}|{p} lowered",
        "{s} brow|draws down {d}|drawn down {d}",
    ),
    "outer brows up": (
        "outer brows|rise {d}|{p} raised",
        "outer ends of the brows|lift {d}|lifted {d}",
    ),
    "outer brows up alone": (
        "outer brows|rise {d}, the inner ends still|{p} raised, the inner ends still",
        "brows|lift {d} at the outer ends alone|{p} raised at the outer ends alone",
    ),
    "outer brow up": (
        "{s} brow|arches {d}|{p} arched",
        "{s} brow|lifts {d} at its outer end|{p} lifted at its outer end",
    ),
    # lids
    "lids shut": (
        "eyes|close {d}|{p} closed",
        "eyelids|shut {d}|{p} shut",
    ),
    "lid shut": (
        "{s} eye|closes {d}|{p} closed",
        "{s} eyelid|shuts {d}|{p} shut",
    ),
    "eyes squeezed shut": (
        "eyes|shut {d}, the lids squeezed {e}|{p} shut, the lids squeezed {e}",
        "eyes|close {d}, the lids tightened {e}|{p} closed, the lids tightened {e}",
    ),
    "lids low": (
        "upper lids|droop {d}|lowered {d}",
        "eyelids|sink {d}|lowered {d}",
        "eyelids|close {d}|{p} closed",
    ),
    "lid low": (
        "{s} eye|closes {d}|{p} closed",
        "{s} eyelid|closes {d}|{p} closed",
    ),
    "eyes narrow": (
        "lids|narrow {d}|{p} narrowed",
        "eyes|narrow {d}|{p} narrowed",
        "lids|tighten {d}|{p} tightened",
    ),
    "eye narrows": (
        "{s} eye|narrows {d}|{p} narrowed",
        "{s} eye|squints {d}|{p} squinting",
    ),
    "eyes crinkle": (
        "eyes|crinkle {d} at the corners|{p} crinkled at the corners",
        "eyes|narrow {d} into crow's feet|{p} narrowed into crow's feet",
    ),
    "eyes wide": (
        "eyes|widen {d}|{p} widened",
        "upper lids|lift {d}|lifted {d}",
        "eyes|open {p} wide|{p} wide",
    ),
    "eye wide": (
        "{s} eye|widens {d}|{p} widened",
        "{s} upper lid|lifts {d}|lifted {d}",
    ),
    # gaze
    "gaze down": (
        "gaze|drops {d}|lowered {d}",
        "eyes|look {p} down|looking {p} down",
        "gaze|goes {p} downward|cast {p} downward",
    ),
    "gaze up": (
        "gaze|goes {p} upward|directed {p} upward",
        "eyes|look {p} up|looking {p} up",
        "eyes|roll {p} up|rolled {p} up",
    ),
    "gaze aside": (
        "gaze|shifts {p} to the {s}|shifted {p} to the {s}",
        "eyes|look {p} to the {s}|looking {p} to the {s}",
        "eyes|slide {p} to the {s}|cast {p} to the {s}",
    ),
    "gaze down and aside": (
        "eyes|look {p} down and {q} to the {s}|looking {p} down and {q} to the {s}",
        "gaze|drops {d} and shifts {q} to the {s}|lowered {d} and shifted {q} to the {s}",
    ),
    "gaze up and aside": (
        "eyes|look {p} up and {q} to the {s}|looking {p} up and {q} to the {s}",
        "eyes|roll {p} up and {q} to the {s}|rolled {p} up and {q} to the {s}",
    ),
    "gaze down and aside alike": (
        "eyes|look {p} down and to the {s}|looking {p} down and to the {s}",
        "gaze|goes {p} down and to the {s}|cast {p} down and to the {s}",
    ),
    "gaze up and aside alike": (
        "eyes|look {p} up and to the {s}|looking {p} up and to the {s}",
        "gaze|goes {p} up and to the {s}|cast {p} up and to the {s}",
    ),
    "eyes cross": ("eyes|cross {d} toward the nose|{p} crossed toward the nose",),
    "eyes part": ("eyes|drift {p} apart|turned {p} apart",),
    # nose and cheeks
    "nose": (
        "nose|wrinkles {d}|{p} wrinkled",
        "nose|wrinkles {d} at the bridge|{p} wrinkled at the bridge",
    ),
    "nostril": (
        "{s} nostril|lifts {d}|{p} lifted",
        "{s} side of the nose|wrinkles {d}|{p} wrinkled",
    ),
    "cheeks up": (
        "cheeks|rise {d}|{p} raised",
        "cheeks|lift {d} toward the eyes|lifted {d} toward the eyes",
        "cheeks|bunch up {d}|bunched up {d}",
    ),
    "cheek up": (
        "{s} cheek|rises {d}|{p} raised",
        "{s} cheek|bunches up {d}|bunched up {d}",
    ),
    "cheeks puffed": (
        "cheeks|puff out {d}|{p} puffed out",
        "cheeks|balloon {d} with air|{p} ballooned with air",
    ),
    # jaw
    "jaw open": (
        "jaw|drops {d}|{p} dropped",
        "jaw|opens {d}|{p} open",
        "mouth|opens {d}|opened {d}",
    ),
    "jaw open, lips sealed": (
        "lips|stay sealed over a jaw dropped {d}|sealed over a jaw dropped {d}",
        "jaw|drops {d} behind closed lips|dropped {d} behind closed lips",
    ),
    "jaw open, lips nearly together": (
        "jaw|drops {d}, the lips nearly closed over it|{p} dropped, lips nearly closed over it",
        "jaw|opens {d}, the lips almost together|{p} open, the lips almost together",
    ),
    "lips closed": ("lips|draw together {d}|drawn together {d}",),
    "jaw forward": (
        "jaw|juts forward {d}|thrust forward {d}",
        "lower jaw|pushes {p} forward|pushed {p} forward",
    ),
    "jaw aside": (
        "jaw|slides {p} to the {s}|shifted {p} to the {s}",
        "lower jaw|shifts {p} to the {s}|shifted {p} to the {s}",
    ),
    # mouth
    "smile": (
        "mouth|smiles {d}|smiling {d}",
        "mouth corners|rise {d} in a smile|raised {d} in a smile",
        "corners of the mouth|lift {d} into a smile|lifted {d} into a smile",
        "lip corners|pull up {d} in a smile|pulled up {d} in a smile",
    ),
    "smile on one side": (
        "{s} mouth corner|smiles {d}|smiling {d}",
        "{s} mouth corner|rises {d} in a smile|raised {d} in a smile",
        "{s} corner of the mouth|lifts {d} into a smile|lifted {d} into a smile",
    ),
    "smile with cheeks": (
        "mouth corners and cheeks|both rise {d} in a smile|both raised {d} in a smile",
        (
            "lip corners|lift {d} in a smile, the cheeks bunching up {d}"
            "|lifted {d} in a smile, the cheeks {p} bunched"
        ),
    ),
    "corners down": (
        "mouth corners|turn down {d}|turned down {d}",
        "corners of the mouth|droop {d}|drooping {d}",
        "lip corners|sink {d}|sunk {d}",
    ),
    "corner down": (
        "{s} mouth corner|turns down {d}|turned down {d}",
        "{s} corner of the mouth|droops {d}|drooping {d}",
    ),
    "dimples": (
        "mouth corners|tuck in {d}|tucked in {d}",
        "corners of the mouth|tuck back {d} into dimples|tucked back {d} into dimples",
    ),
    "dimple": (
        "{s} mouth corner|tucks in {d}|tucked in {d}",
        "{s} corner of the mouth|tucks back {d} into a dimple|tucked back {d} into a dimple",
    ),
    "mouth wide": (
        "mouth corners|stretch sideways {d}|stretched sideways {d}",
        "lips|stretch sideways {d}|stretched {p} sideways",
        "corners of the mouth|stretch back {d}|stretched back {d}",
    ),
    "corner wide": (
        "{s} mouth corner|stretches sideways {d}|stretched sideways {d}",
        "{s} corner of the mouth|pulls {p} outward|stretched {p} outward",
    ),
    "lips pressed": (
        "lips|press together {d}|pressed together {d}",
        "lips|press shut {d}|{p} pressed shut",
    ),
    "lips pressed on one side": ("lips|press together {d} on the {s}|pressed {d} on the {s}",),
    "lower lip down": (
        "lower lip|pulls down {d}|pulled down {d}",
        "lower lip|pulls down {d} off the teeth|pulled down {d} off the teeth",
        "lower lip|draws down {d}, showing lower teeth|drawn down {d}, showing lower teeth",
    ),
    "lower lip down on one side": (
        "{s} lower lip|pulls down {d}|pulled down {d}",
        "{s} side of the lower lip|pulls down {d}|pulled down {d}",
        "{s} side of the lower lip|draws down {d} off the teeth|drawn down {d} off the teeth",
    ),
    "upper lip up": (
        "upper lip|lifts {d}|{p} raised",
        "upper lip|lifts {d} off the teeth|lifted {d} off the teeth",
        "upper lip|rises {d}, showing upper teeth|{p} raised, showing upper teeth",
    ),
    "upper lip up on one side": (
        "{s} upper lip|lifts {d}|{p} raised",
        "{s} side of the upper lip|lifts {d}|lifted {d}",
        "{s} side of the upper lip|rises {d} off the teeth|raised {d} off the teeth",
    ),
    "teeth bared": (
        (
            "upper lip|lifts {d}, the lower lip pulls down {e}"
            "|raised {d}, the lower lip pulled down {e}"
        ),
        (
            "upper lip|lifts {d} and the lower lip pulls down {e} off the teeth"
            "|lifted {d} and the lower lip pulled down {e} off the teeth"
        ),
        (
            "teeth|show, the upper lip lifted {d}, the lower lip pulled down {e}"
            "|bared, the upper lip lifted {d}, the lower lip pulled down {e}"
        ),
    ),
    "both lips rolled in": (
        "lips|both roll in {d} over the teeth|both rolled in {d} over the teeth",
        "upper and lower lips|tuck inward {d}|tucked inward {d}",
    ),
    "lower lip rolled in": (
        "lower lip|rolls in {d} over the teeth|rolled in {d} over the teeth",
        "lower lip|folds in {d} over the teeth|folded in {d} over the teeth",
    ),
    "upper lip rolled in": (
        "upper lip|rolls in {d} over the teeth|rolled in {d} over the teeth",
        "upper lip|tucks in {d}|tucked in {d}",
    ),
    "chin up": (
        "chin|bunches up {d}|{p} bunched",
        "chin|bunches {d}, pushing the lower lip up|bunched {d}, pushing the lower lip up",
        "lower lip|pushes up {d} over a bunched chin|pushed up {d} over a bunched chin",
    ),
    "upper lip pushed up": (
        "upper lip|pushes upward {d}|pushed upward {d}",
        "upper lip|shrugs up {d}|shrugged up {d}",
    ),
    "funnel": (
        "lips|flare {d} into a funnel|flared {d} into a funnel",
        "lips|round {d} into a funnel|{p} rounded into a funnel",
    ),
    "pucker": (
        "lips|pucker {d}|{p} puckered",
        "lips|purse forward {d}|pursed forward {d}",
    ),
    "mouth aside": (
        "mouth|shifts {p} to the {s}|shifted {p} to the {s}",
        "lips|slide {p} to the {s}|shifted {p} to the {s}",
    ),
    # tongue
    "tongue": (
        "tongue|sticks out {d}|{p} out",
        "tongue|comes out {d}|stuck out {d}",
    ),
    # head
    "head turned": (
        "head|turns {p} to the {s}|turned {p} to the {s}",
        "face|turns {p} to the {s}|turned {p} to the {s}",
    ),
    "head tilted": (
        "head|tilts {p} to the {s}|tilted {p} to the {s}",
        "head|leans {p} toward the {s} shoulder|tilted {p} toward the {s} shoulder",
    ),
    "head down": (
        "head|bows {d}|bowed {d}",
        "head|drops {d}|dropped {d}",
        "chin|drops {p} toward the chest|dropped {p} toward the chest",
    ),
    "head up": (
        "chin|lifts {d}|lifted {d}",
        "head|tips back {d}|tipped back {d}",
    ),
}
"""What is said -> its wordings."""

ABSENCES: Final[Mapping[str, tuple[str, ...]]] = {
    "brows": ("brows|stay at rest|at rest", "forehead|stays smooth|smooth"),
    "lids": ("eyes|stay calmly open|calmly open", "lids|stay relaxed and open|relaxed and open"),
    "gaze": ("gaze|stays straight ahead|straight ahead", "eyes|look straight ahead|straight ahead"),
    "nose and cheeks": (
        "cheeks and nose|stay still|still",
        "nose and cheeks|play no part|at rest",
    ),
    "smile": ("mouth|shows no smile|without a smile",),
    "lips": ("lips|stay together|together", "lips|rest closed|resting closed"),
    "mouth": ("mouth|stays closed and at rest|closed and at rest",),
    "head": ("head|stays level and faces front|level and facing front", "head|stays still|still"),
}
"""What does not take part -> its wordings, in the same form."""

NEUTRAL: Final[tuple[str, ...]] = (
    "The face is at rest: {brows}, {eyes}, {lips} and {head}.",
    "A neutral face. There are {brows}, {eyes}, {lips} and {head}; nothing moves.",
    "Nothing is at work in this face, which shows {brows}, {eyes}, {lips} and {head}.",
    "Neutral, with {brows}, {eyes}, {lips} and {head}, every muscle at rest.",
)
NEUTRAL_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "brows": ("level brows", "a smooth forehead", "relaxed brows"),
    "eyes": (
        "open eyes that look straight ahead",
        "relaxed lids and a steady gaze straight ahead",
        "eyes resting straight ahead",
    ),
    "lips": (
        "lips lightly closed",
        "lips together without a smile",
        "a closed, quiet mouth",
    ),
    "head": ("a level head", "the head upright and still", "the head facing front"),
}
"""A face that does nothing, in its own words."""
