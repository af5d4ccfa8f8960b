"""How the texts of a package are written: their encoding, and what separates their values."""

from __future__ import annotations

import codecs
from typing import NamedTuple

from adapters.packages.findings import PackageError

BYTE_ORDER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CYRILLIC = {0xA8, 0xB8, 0xB9, *range(0xC0, 0x100)}  # letters of Windows-1251, and its number sign
TAB = "\t"
SEPARATORS = {";": ";", TAB: "tab", "|": "|", ",": "commas"}  # as people call them


class CsvText(NamedTuple):
    """`codec` by Python's name; `separator` is one character."""

    codec: str
    separator: str = ","


def text_as(encoding: str | None, separator: str | None) -> CsvText:
    """What was asked for; else UTF-8, which may begin with a BOM, and commas.

    Raises:
        PackageError: an encoding that is not known, a separator that is none.
    """
    try:
        name = codecs.lookup(encoding or "utf-8").name
    except LookupError as error:
        raise PackageError(f"an encoding that is known, not {encoding}: windows-1251 or utf-16, say") from error
    character = {"tab": TAB, "\\t": TAB}.get(separator or "", separator or ",")
    if len(character) != 1 or character.isalnum() or character in '"\r\n':
        raise PackageError("a separator of one character, as ; or tab")
    return CsvText("utf-8-sig" if name == "utf-8" else name, character)


def looks_like(sample: bytes) -> str | None:
    """The encoding that bytes seem to be in, where they are none of UTF-8; None where nothing tells."""
    if sample.startswith(BYTE_ORDER_MARKS):
        return "utf-16"
    high = [byte for byte in sample if byte >= 0x80]
    if len(high) > 0 and sum(byte in CYRILLIC for byte in high) >= 0.9 * len(high):
        return "windows-1251"
    return None


def separated_otherwise(first: str, text: CsvText) -> str | None:
    """What to say of a first line that has another separator than the one it is read with; None where it has not."""
    for separator, name in SEPARATORS.items():
        if separator == text.separator or separator not in first or text.separator in first:
            continue
        if text.separator == ",":
            return f"columns separated by commas; these are by {name}: --separator '{name}' reads them"
        wanted = SEPARATORS.get(text.separator, text.separator)
        return (
            f"columns separated by {wanted}, as was asked for; these are by {name}: write all files with one of these"
        )
    return None
