"""Codes that go to phones: six digits by SMS, or the last four of a number that calls."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LASTS = timedelta(minutes=10)
TRIES = 5
KEPT = 1000
SMS, CALL = "sms", "call"
DIGITS = {SMS: 6, CALL: 4}


def digits_of(phone: str) -> str:
    """A phone's digits, as they are abroad: 8 900 and +7 900 are the same."""
    digits = re.sub(r"\D", "", phone)
    return f"7{digits[1:]}" if len(digits) == 11 and digits[0] == "8" else digits


@dataclass(slots=True)
class Code:
    """One code on its way to somebody. `of`: whose it is, `max` or `vk_id`."""

    request_id: str
    phone: str
    code: str
    by: str
    of: str
    at: datetime
    tries: int = TRIES

    def is_good(self, at: datetime) -> bool:
        return self.tries > 0 and at < self.at + LASTS


@dataclass(slots=True)
class Codes:
    """Those that were sent last, oldest first. One is good once, for ten minutes and five tries, until the next is
    sent to the same phone.
    """

    sent: list[Code] = field(default_factory=list)
    number: int = 0

    def send(self, phone: str, at: datetime, *, of: str, by: str = SMS) -> Code:
        """Sends a code; one that went to the same phone before is good for nothing any more."""
        number = f"+{digits_of(phone)}"
        for before in self.sent:
            if (before.phone, before.of) == (number, of):
                before.tries = 0
        code = "".join(secrets.choice("0123456789") for _ in range(DIGITS[by]))
        self.number += 1
        self.sent.append(Code(f"code-{self.number}", number, code, by, of, at))
        del self.sent[:-KEPT]
        return self.sent[-1]

    def find(self, request_id: str, of: str) -> Code | None:
        return next((code for code in self.sent if (code.request_id, code.of) == (request_id, of)), None)

    def take(self, request_id: str, told: str, at: datetime, *, of: str) -> Code | None:
        """The code, if it is the right one; it is used up."""
        code = self.find(request_id, of)
        if code is None or not code.is_good(at):
            return None
        code.tries -= 1
        if code.code != told:
            return None
        code.tries = 0
        return code
