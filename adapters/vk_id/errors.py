"""What VK ID answers, told as what it means for the call.

Codes of OAuth 2.1 and RFC 6749, 5.2; of VK's own `slow_down` alone is known (id.vk.com, read on 2026-11-22).
Descriptions are dropped: they may name people.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from adapters.wire.failures import of_status
from sync.errors import Failure, PlatformError

CODE = re.compile(r"[a-z_]{1,64}")
INVALID_TOKEN = "invalid_token"  # noqa: S105 - the code of an answer
BY_CODE = {
    "invalid_client": Failure.CREDENTIALS,
    "unauthorized_client": Failure.CREDENTIALS,
    "slow_down": Failure.BUSY,
    "temporarily_unavailable": Failure.BUSY,
    "server_error": Failure.UNCONFIRMED,
}


def refusal(status: int, body: object, headers: Mapping[str, str]) -> PlatformError:
    """What an answer other than 2xx means. `body` is its JSON, or None where it is not JSON."""
    code = _code(body) if isinstance(body, Mapping) else None
    if code is None:
        return of_status(status, headers)
    return PlatformError(BY_CODE.get(code, Failure.REFUSED), code)


def succeeded(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer, which may tell an error with 200.

    Raises:
        PlatformError: it does.
    """
    code = _code(answer)
    if code is not None:
        raise PlatformError(BY_CODE.get(code, Failure.REFUSED), code)
    return answer


def _code(body: Mapping[str, Any]) -> str | None:
    told = body.get("error")
    if told is None:
        return None
    return told if isinstance(told, str) and CODE.fullmatch(told) else "error"
