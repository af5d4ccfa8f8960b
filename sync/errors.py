"""Errors of outside systems, classified by what the caller does about them."""

from __future__ import annotations

from enum import Enum


class Failure(Enum):
    """What a chat platform's failure means for the call that met it."""

    UNCONFIRMED = "unconfirmed"  # nobody knows whether it took effect: read back before anything else
    BUSY = "busy"  # not carried out: the token waits (a limit, an outage), then again
    RETRY = "retry"  # not carried out: this room again, later
    REFUSED = "refused"  # not carried out, and the same call never will be
    NEEDS_PERSON = "needs_person"  # we lack a right in this chat: a person is needed
    GONE = "gone"  # the chat is no more
    CREDENTIALS = "credentials"  # the token itself was refused: every chat of it waits


class PlatformError(Exception):
    """A call to a chat platform that was not confirmed. Carries no personal data.

    `code` is the platform's own; `retry_after_s` its requested delay in seconds, if it gave one.
    """

    def __init__(self, failure: Failure, code: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(f"{failure.value}: {code}")
        self.failure = failure
        self.code = code
        self.retry_after_s = retry_after_s


class LeaseLost(Exception):  # noqa: N818 - the field's word
    """The right to settle a room ended before its completion was written: what was done there is unknown now."""


class StoreUnavailable(Exception):  # noqa: N818 - the field's word
    """The database did not answer or broke off; nothing was written. Retriable."""


class StoreFailed(Exception):  # noqa: N818 - what happened
    """The database rejected a statement, and would again; nothing was written. The message names no values, unlike the
    database's own.
    """


class TopicsUnavailable(Exception):  # noqa: N818 - the field's word
    """Kafka did not answer or refused. What was being written may or may not be there. Retriable."""


class RecordTooLarge(TopicsUnavailable):
    """A record is longer than its topic takes, or than we send. Not retriable: it has to be shorter."""
