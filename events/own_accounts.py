"""The service's own accounts on the platforms, to which no person can be linked."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from schemas.accounts import NOT_A_PERSONS, AccountLinked
from schemas.catalogue import IncomingEvent
from schemas.rejections import Rejection, WrongField

Read = TypeVar("Read", bound=IncomingEvent | Rejection | None)

OURS = WrongField("/data/external_user_id", NOT_A_PERSONS)

Accounts = Collection[tuple[str, str]]
"""By provider and external id."""


def of_people(event: Read, own: Accounts) -> Read | Rejection:
    """The event, or a rejection if it links somebody to an account of our own."""
    if isinstance(event, AccountLinked) and (event.data.provider, event.data.external_user_id) in own:
        return Rejection("invalid", (OURS,), event.source, event.id)
    return event
