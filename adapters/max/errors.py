"""What the MAX Bot API answers, told as what it means for the call.

Codes as read on 2026-11-22 in the API's schema 0.0.33 and its public clients. Messages of the platform are dropped:
they may name people.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from adapters.wire.failures import MALFORMED, of_status
from sync.errors import Failure, PlatformError
from sync.platform import Refusal

USER_NOT_FOUND = "not.found"  # 404, of a user; a chat's is chat.not.found
OWNER = "chat.owner"
NOT_DONE = "success.false"
BY_CODE = {
    "chat.not.found": Failure.GONE,
    "attachment.not.ready": Failure.RETRY,
    USER_NOT_FOUND: Failure.UNCONFIRMED,  # the user is not where we believe them: read back
}
FOR_GOOD = frozenset({"add.participant.privacy", "add.participant.not.found"})
CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def refusal(status: int, body: object, headers: Mapping[str, str]) -> PlatformError:
    """What an answer other than 2xx means. `body` is its JSON, or None where it is not JSON."""
    told = body.get("code") if isinstance(body, dict) else None
    code = told if isinstance(told, str) and CODE.fullmatch(told) else None
    return of_status(status, headers, code, BY_CODE.get(code or ""))


def succeeded(answer: Mapping[str, Any]) -> None:
    """Checks the answer to a write that tells `success`.

    Raises:
        PlatformError: it does not. UNCONFIRMED: such a refusal does not say why, so what is there must be read.
    """
    if answer.get("success") is not True:
        raise PlatformError(Failure.UNCONFIRMED, NOT_DONE if answer.get("success") is False else MALFORMED)


def user_refusal(code: object) -> Refusal:
    """Why one user was not added; a code we do not know may pass."""
    known = isinstance(code, str) and CODE.fullmatch(code) is not None
    return Refusal(str(code) if known else "add.participant.failed", for_good=code in FOR_GOOD)
