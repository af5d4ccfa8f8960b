"""Phones: which are taken, and how they are shown. A phone is E.164, as text: `+79001234567`."""

from __future__ import annotations

import re
import unicodedata

MOBILE = re.compile(r"\+79[0-9]{9}")
BRACKETS = frozenset("()")
DOTS = "••"


def phone_of(typed: str) -> str | None:
    """The phone that was typed: spaces, dashes and brackets do not matter; None of whatever is no Russian mobile's."""
    left = "".join(each for each in typed if not _is_idle(each))
    return left if MOBILE.fullmatch(left) else None


def _is_idle(character: str) -> bool:
    return character.isspace() or character in BRACKETS or unicodedata.category(character) == "Pd"


def whole(phone: str) -> str:
    """As its owner sees it: `+7(900) 123-45-67`."""
    return f"+7({phone[2:5]}) {phone[5:8]}-{phone[8:10]}-{phone[10:]}"


def masked(phone: str) -> str:
    """As everybody else sees it, support included: `+7(900) 123-••-67`."""
    return f"+7({phone[2:5]}) {phone[5:8]}-{DOTS}-{phone[10:]}"
