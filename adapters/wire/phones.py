"""Phones as outside systems write them. Pure."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[\s().\u00a0-]+")
_NUMBER = re.compile(r"\+?([0-9]{8,15})")  # E.164: at most fifteen digits; shorter than eight there is none


def e164(written: object) -> str | None:
    """A phone as `+79001234567`; None where it is none. Eleven digits that begin with 8 are Russia's own way of +7."""
    if not isinstance(written, str):
        return None
    number = _NUMBER.fullmatch(_SEPARATORS.sub("", written.removeprefix("tel:")))
    if number is None:
        return None
    digits = number[1]
    return f"+7{digits[1:]}" if len(digits) == 11 and digits[0] == "8" else f"+{digits}"
