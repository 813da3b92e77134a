"""From what the user typed to text that the rules can read. Pure.

Control, format and private characters go, emoji of faces become words, emoticons too, white space
is evened out; what is left is at most `script.MAX_TEXT` characters.
"""

from __future__ import annotations

import re
import unicodedata

from generator.errors import PromptError
from generator.script import MAX_TEXT
from generator.standardise.tables import table

_EMOTICON = re.compile(r"(?<!\S)(?:[:;=8xX]['`]?-?[)(DPpOo|/\\3]+|<3|T_T|\^_?\^|-_-)(?!\S)")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")
_HINT = 'Describe what the face should do, e.g. "she reads the letter, then smiles".'


def plain(prompt: str) -> str:
    """Return the prompt without control and unassigned characters, at most MAX_TEXT long."""
    kept = "".join(_allowed(character) for character in prompt[: 4 * MAX_TEXT])
    return kept.strip()[:MAX_TEXT].rstrip()


def _allowed(character: str) -> str:
    if character in "\n\u2028\u2029\x85\x0b\x0c\r":
        return "\n"
    if character == "\t":
        return " "
    if character == "\u200d":  # joins emoji and some scripts' letters
        return character
    return "" if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} else character


def readable(prompt: str) -> str:
    """Return the text that the rules read: one line a paragraph, faces as words.

    Raises:
        PromptError: Nothing in it can be performed.
    """
    kept = plain(prompt)
    if not kept:
        raise PromptError("The prompt is empty.", _HINT)
    text = unicodedata.normalize("NFC", _without_emoji(_without_emoticons(kept)))
    text = _LINES.sub("\n", _BLANKS.sub(" ", text)).strip(" \n,")
    if not any(character.isalnum() for character in text):
        raise PromptError(f"The prompt {kept[:40]!r} has no words in it.", _HINT)
    return text[:MAX_TEXT].rstrip()


def _without_emoticons(text: str) -> str:
    known = table("emoji")["emoticons"]
    return _EMOTICON.sub(lambda match: str(known.get(_folded(match[0]), match[0])), text)


def _folded(emoticon: str) -> str:
    # ":-)))" and ":)" are one emoticon.
    short = emoticon.replace("-", "") if len(emoticon) > 1 and emoticon != "-_-" else emoticon
    return re.sub(r"(.)\1+$", r"\1", short.replace("=", ":").replace("`", "'"))


def _without_emoji(text: str) -> str:
    """Replace each run of emoji by words; a run of several faces reads as one after the other."""
    if text.isascii():
        return text
    pieces: list[str] = []
    run: list[str] = []
    for character in text:
        if character in "\ufe0f\u200d\u2640\u2642" or 0x1F3FB <= ord(character) <= 0x1F3FF:
            continue  # variation, joiner, gender and skin tone change nothing for a face
        if unicodedata.category(character) in {"So", "Sk"} and ord(character) > 0x2000:
            run.append(character)
            continue
        if run and not character.isspace():
            pieces.append(_run_words(run))
            run = []
        if not run or not character.isspace():
            pieces.append(character)
    pieces.append(_run_words(run))
    return "".join(pieces)


def _run_words(run: list[str]) -> str:
    distinct = [face for index, face in enumerate(run) if index == 0 or run[index - 1] != face]
    named = [word for word in map(_emoji_words, distinct) if word]
    return f" {', then '.join(named)} " if named else " "


def _emoji_words(character: str) -> str:
    known = table("emoji")["faces"].get(character)
    if known is not None:
        return str(known)
    name = unicodedata.name(character, "").lower()
    if "arrow" in name:
        return "->" if "right" in name else ""
    return name if "face" in name.split() else ""
