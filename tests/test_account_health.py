"""What requests say of a platform account, and what of it is written."""

from __future__ import annotations

import pytest

from sync.account_health import AGAIN_AFTER_S, PAUSED, REFUSES, UNREACHABLE, WELL, AccountHealths, Health, health_of
from sync.errors import Failure, PlatformError

AWAY = Health(UNREACHABLE, "connection.failed")


@pytest.mark.parametrize(
    ("failure", "code", "retry_after_s", "state"),
    [
        (Failure.CREDENTIALS, "verify.token", None, REFUSES),
        (Failure.CREDENTIALS, "token.not.set", 60.0, REFUSES),
        (Failure.BUSY, "too.many.requests", None, PAUSED),
        (Failure.BUSY, "http.503", 3e7, PAUSED),
        (Failure.BUSY, "connection.failed", None, UNREACHABLE),
        (Failure.BUSY, "http.404", None, UNREACHABLE),
        (Failure.UNCONFIRMED, "timeout", None, UNREACHABLE),
        (Failure.UNCONFIRMED, "http.502", None, UNREACHABLE),
        (Failure.UNCONFIRMED, "http.500", None, "ok"),
        (Failure.UNCONFIRMED, "not.found", None, "ok"),
        (Failure.REFUSED, "proto.payload", None, "ok"),
        (Failure.NEEDS_PERSON, "chat.denied", None, "ok"),
    ],
)
def test_a_failure_says_whether_the_account_answers(
    failure: Failure, code: str, retry_after_s: float | None, state: str
) -> None:
    assert health_of(PlatformError(failure, code, retry_after_s=retry_after_s)).state == state


def test_what_changes_is_told_once_and_written_again_when_it_is_old() -> None:
    told: list[tuple[str, str]] = []
    healths = AccountHealths(lambda token, health: told.append((token, health.state)))
    for at, health, written in [
        (0.0, WELL, True),
        (1.0, WELL, False),
        (2.0, AWAY, True),
        (3.0, AWAY, False),
        (2.1 + AGAIN_AFTER_S, AWAY, True),
        (9.0, WELL, True),
    ]:
        healths.hear("max", health)
        found = healths.to_write(at)
        assert (found == {"max": health}) is written
        healths.wrote(found, at)
    assert told == [("max", UNREACHABLE), ("max", "ok")]


def test_an_answer_goes_before_none_and_a_refusal_before_all() -> None:
    healths = AccountHealths()
    for health, heard in [(AWAY, UNREACHABLE), (WELL, "ok"), (AWAY, "ok"), (Health(REFUSES, "verify.token"), REFUSES)]:
        healths.hear("max", health)
        assert healths.to_write(0.0)["max"].state == heard
