"""What the MAX Bot API answers, and what breaks on the way, told as what it means for the call.

Codes as read on 2026-11-22 in the API's schema 0.0.33 and its public clients. Messages of the platform are dropped:
they may name people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import aiohttp

from sync.errors import Failure, PlatformError
from sync.platform import Refusal

USER_NOT_FOUND = "not.found"  # 404, of a user; a chat's is chat.not.found
OWNER = "chat.owner"
MALFORMED = "answer.malformed"
NOT_DONE = "success.false"
TIMEOUT = "timeout"
BY_STATUS = {401: Failure.CREDENTIALS, 403: Failure.NEEDS_PERSON, 429: Failure.BUSY, 408: Failure.UNCONFIRMED}
BY_CODE = {
    "chat.not.found": Failure.GONE,
    "attachment.not.ready": Failure.RETRY,
    USER_NOT_FOUND: Failure.UNCONFIRMED,  # the user is not where we believe them: read back
}
FOR_GOOD = frozenset({"add.participant.privacy", "add.participant.not.found"})
CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@contextmanager
def translated() -> Iterator[None]:
    """Turns what aiohttp raises for one request into PlatformError.

    Only a connection that was never made is sure to have carried nothing.
    """
    try:
        yield
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise PlatformError(Failure.BUSY, "connection.failed") from error
    except TimeoutError as error:
        raise PlatformError(Failure.UNCONFIRMED, TIMEOUT) from error
    except (aiohttp.ClientError, OSError) as error:
        raise PlatformError(Failure.UNCONFIRMED, "connection.lost") from error


def refusal(status: int, body: object, headers: Mapping[str, str]) -> PlatformError:
    """What an answer other than 2xx means. `body` is its JSON, or None where it is not JSON."""
    told = body.get("code") if isinstance(body, dict) else None
    code = told if isinstance(told, str) and CODE.fullmatch(told) else f"http.{status}"
    failure = BY_STATUS.get(status) or BY_CODE.get(code) or _by_class(status)
    return PlatformError(failure, code, retry_after_s=_seconds(headers.get("Retry-After")))


def succeeded(answer: Mapping[str, Any]) -> None:
    """Checks the answer to a write that tells `success`.

    Raises:
        PlatformError: it does not. UNCONFIRMED: such a refusal does not say why, so what is there must be read.
    """
    if answer.get("success") is not True:
        raise PlatformError(Failure.UNCONFIRMED, NOT_DONE if answer.get("success") is False else MALFORMED)


def malformed() -> PlatformError:
    """An answer that makes no sense: whatever was asked may have been done."""
    return PlatformError(Failure.UNCONFIRMED, MALFORMED)


def user_refusal(code: object) -> Refusal:
    """Why one user was not added; a code we do not know may pass."""
    known = isinstance(code, str) and CODE.fullmatch(code) is not None
    return Refusal(str(code) if known else "add.participant.failed", for_good=code in FOR_GOOD)


def _by_class(status: int) -> Failure:
    """5xx may come after the change was made. A redirect or a bare 404 is a wrong address: nothing behind it did it."""
    if status >= 500:
        return Failure.UNCONFIRMED
    return Failure.BUSY if status < 400 or status == 404 else Failure.REFUSED


def _seconds(retry_after: str | None) -> float | None:
    """Only the form in seconds: the platform documents none, and a date would need a clock."""
    return float(retry_after) if retry_after and retry_after.isdecimal() else None
