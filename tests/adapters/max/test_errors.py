"""What the platform's answers mean for the call that met them."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from adapters.max.errors import refusal, user_refusal
from adapters.wire.failures import translated
from sync.errors import Failure, PlatformError
from sync.platform import Refusal


@pytest.mark.parametrize(
    ("status", "body", "failure", "code"),
    [
        (401, {"code": "verify.token"}, Failure.CREDENTIALS, "verify.token"),
        (401, None, Failure.CREDENTIALS, "http.401"),
        (403, {"code": "chat.denied"}, Failure.NEEDS_PERSON, "chat.denied"),
        (403, {"code": "access.denied"}, Failure.NEEDS_PERSON, "access.denied"),
        (404, {"code": "chat.not.found"}, Failure.GONE, "chat.not.found"),
        (404, {"code": "not.found"}, Failure.UNCONFIRMED, "not.found"),
        (404, None, Failure.BUSY, "http.404"),
        (302, None, Failure.BUSY, "http.302"),
        (400, {"code": "proto.payload"}, Failure.REFUSED, "proto.payload"),
        (400, {"code": "attachment.not.ready"}, Failure.RETRY, "attachment.not.ready"),
        (405, None, Failure.REFUSED, "http.405"),
        (408, None, Failure.UNCONFIRMED, "http.408"),
        (429, {"code": "too.many.requests"}, Failure.BUSY, "too.many.requests"),
        (500, {"code": "internal.error"}, Failure.UNCONFIRMED, "internal.error"),
        (502, None, Failure.UNCONFIRMED, "http.502"),
        (400, {"code": "Иванова Анна, +79161234567"}, Failure.REFUSED, "http.400"),
        (400, ["code"], Failure.REFUSED, "http.400"),
        (400, {"code": 7}, Failure.REFUSED, "http.400"),
    ],
)
def test_an_answer_means(status: int, body: Any, failure: Failure, code: str) -> None:
    error = refusal(status, body, {})
    assert (error.failure, error.code, error.retry_after_s) == (failure, code, None)


@pytest.mark.parametrize(("told", "seconds"), [("7", 7.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", None)])
def test_a_wish_to_wait_is_honoured_in_seconds(told: str, seconds: float | None) -> None:
    assert refusal(429, None, {"Retry-After": told}).retry_after_s == seconds


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        ("add.participant.privacy", Refusal("add.participant.privacy", for_good=True)),
        ("add.participant.not.found", Refusal("add.participant.not.found", for_good=True)),
        ("add.participant.flood", Refusal("add.participant.flood", for_good=False)),
        ("not a code", Refusal("add.participant.failed", for_good=False)),
        (None, Refusal("add.participant.failed", for_good=False)),
    ],
)
def test_only_known_refusals_of_a_user_are_for_good(code: object, refused: Refusal) -> None:
    assert user_refusal(code) == refused


@pytest.mark.parametrize(
    ("raised", "failure"),
    [
        (TimeoutError(), Failure.UNCONFIRMED),
        (aiohttp.ServerTimeoutError(), Failure.UNCONFIRMED),
        (aiohttp.ConnectionTimeoutError(), Failure.BUSY),
        (aiohttp.ServerDisconnectedError(), Failure.UNCONFIRMED),
        (aiohttp.ClientPayloadError(), Failure.UNCONFIRMED),
        (ConnectionResetError(), Failure.UNCONFIRMED),
    ],
)
def test_only_a_connection_never_made_is_sure_to_have_carried_nothing(raised: Exception, failure: Failure) -> None:
    with pytest.raises(PlatformError) as caught, translated():
        raise raised
    assert caught.value.failure is failure
    assert caught.value.__cause__ is raised
