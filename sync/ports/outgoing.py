"""The port for messages still to be published: applied changes, and records that could not be taken."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Literal, NamedTuple, Protocol, TypeVar

from sync.ids import ChatId, EventNo, OrganisationId, PersonId
from sync.streams import Partition

T_co = TypeVar("T_co", covariant=True)


class AppliedCause(NamedTuple):
    """The event of the inbox that a change goes back to; `record`: its partition and offset, where it had one."""

    source: str
    event_id: str
    event_no: EventNo
    record: tuple[Partition, int] | None


class AppliedChange(NamedTuple):
    """A change that a platform confirmed. `cause` None: it was only observed there."""

    change_no: int
    organisation_id: OrganisationId
    chat_id: ChatId
    person_id: PersonId
    action: str
    role: Literal["admin", "member"] | None
    reasons: tuple[str, ...]
    cause: AppliedCause | None
    at: datetime


class Untold(Protocol[T_co]):
    """Rows of one kind, published in order, each at least once."""

    @property
    def name(self) -> str: ...

    def turn(self) -> AbstractAsyncContextManager[bool]:
        """Whether this process may publish until the block ends; only one at a time does, which keeps the order."""

    async def oldest(self, limit: int) -> Sequence[tuple[int, T_co]]:
        """The oldest unpublished rows, each with its number. Raises StoreUnavailable (retriable)."""

    async def were_told(self, numbers: Sequence[int]) -> None: ...
