"""The characters that ids and names are made of: an id is taken as it is or refused, a name is cleaned.

Classes are those of Unicode: Cc control characters, Cf format characters, which nobody sees. White space is the
property White_Space; of the controls it has tab, line feed, vertical tab, form feed, carriage return and next line.
"""

from __future__ import annotations

import re
from typing import Final
from unicodedata import category

_WHITE_SPACE: Final = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_FORMATS: Final = (
    r"\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    r"\u2066-\u206f\ufeff\ufff9-\ufffb"
)
"""Those below U+10000, which every dialect of regular expressions can name; above it there are some more."""
OPAQUE_PATTERNS: Final = (rf"^[^\x00-\x1f\x7f-\x9f{_FORMATS}]*$", r"\S")
"""What JSON Schema can say of an id; `is_opaque` is the rule."""
CLEANABLE_PATTERN: Final = r"^[^\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]*$"
"""What `cleaned` takes."""
NAME_PATTERNS: Final = (CLEANABLE_PATTERN, rf"[^\s\x85{_FORMATS}]")
"""What `cleaned` takes and leaves something of."""

_JOINER: Final = "\u200d"
_PICTOGRAPH: Final = (
    "[\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff\U0001fc00-\U0001fffd]"
)
"""The blocks that emoji, their skin tones among them, are taken from (UTS 51, Extended_Pictographic)."""
_EMOJI_STYLE: Final = "\ufe0f"
_LOOSE_JOINER: Final = re.compile(
    f"(?<!{_PICTOGRAPH})(?<!{_PICTOGRAPH}{_EMOJI_STYLE}){_JOINER}|{_JOINER}(?!{_PICTOGRAPH})"
)
_BLANKS: Final = re.compile(f"[{_WHITE_SPACE}]+")


def is_opaque(text: str) -> bool:
    """Whether a text can be an id: not blank, and without characters of the classes Cc and Cf."""
    return not text.isspace() and (text.isprintable() or all(category(each) not in {"Cc", "Cf"} for each in text))


def cleaned(text: str) -> str:
    """The text with each run of white space one blank, none at its ends, and without characters of the class Cf.

    Joiners inside emoji stay. What is cleaned stays as it is when it is cleaned again. May be empty.

    Raises:
        ValueError: it holds another character of the class Cc, or half of a surrogate pair.
    """
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    shown = "".join(each for each in text if each == _JOINER or category(each) != "Cf")
    name = _BLANKS.sub(" ", _LOOSE_JOINER.sub("", shown)).strip(" ")
    if any(category(each) in {"Cc", "Cs"} for each in name):
        raise ValueError("a control character that is no white space")
    return name
