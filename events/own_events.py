"""What Rollcall itself says of accounts: made into events here, and nowhere else, for pages, support and the API."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pydantic import ValidationError

from events.intake import EventOutcome
from events.onto_topics import QUEUED
from schemas.accounts import AccountLinked, AccountUnlinked, LinkDeclined
from schemas.catalogue import IncomingEvent
from schemas.rejections import Rejection
from sync.accounts import TICK, AccountAssertion
from sync.ids import AccountId, PersonId
from sync.ports.linking import FOR_ITSELF, NobodysAccount, Said, Speaker
from sync.versions import Version
from sync.views.registry import PeopleRegistry, Window


class Taking(Protocol):
    async def take(self, events: Sequence[IncomingEvent | Rejection]) -> Sequence[EventOutcome]: ...


@dataclass(frozen=True, slots=True)
class OwnEvents:
    """Says events onto the topics, or takes them in; each later than all that was said there, whoever's clock goes
    ahead. `new_id`: an id that nobody had before.
    """

    people: PeopleRegistry
    intake: Taking
    now: Callable[[], datetime]
    new_id: Callable[[], str]

    async def linked(
        self,
        person_id: PersonId,
        provider: str,
        account: AccountId,
        by: Speaker = FOR_ITSELF,
        event_id: str | None = None,
    ) -> Said:
        if await self.people.is_own(provider, account):
            raise NobodysAccount("external_user_id")
        data = {"person_id": person_id, "provider": provider, "external_user_id": account}
        at = await self._later_than_all(person_id, provider, by)
        try:
            event = AccountLinked.of(id=event_id or self.new_id(), source=by.source, time=at, data=data)
        except ValidationError as error:
            raise NobodysAccount("person_id") from error
        version = Version(event.source, None, at, event.id)
        will_be = await self.people.account_after(AccountAssertion(person_id, provider, account, version))
        return Said(await self._take(event), will_be)

    async def unlinked(self, person_id: PersonId, provider: str, by: Speaker = FOR_ITSELF) -> Said:
        at = await self._later_than_all(person_id, provider, by)
        data = {"person_id": person_id, "provider": provider}
        return Said(await self._take(AccountUnlinked.of(id=self.new_id(), source=by.source, time=at, data=data)))

    async def declined(self, person_id: PersonId, provider: str, event_id: str) -> Said:
        data = {"person_id": person_id, "provider": provider}
        return Said(
            await self._take(LinkDeclined.of(id=event_id, source=FOR_ITSELF.source, time=self.now(), data=data))
        )

    async def is_free(self, person_id: PersonId, provider: str, account: AccountId) -> bool:
        if await self.people.is_own(provider, account):
            return False
        holder = await self.people.holder(provider, account)
        if holder is None or holder == person_id:
            return True
        in_chats = await self.people.memberships(holder, None, Window(limit=1))
        return in_chats is None or not in_chats.items

    async def _take(self, event: Any) -> bool:
        """Whether others are still to take it in."""
        [taken] = await self.intake.take([event])
        if taken.rejection is not None:
            raise NobodysAccount("external_user_id")
        return taken.outcome == QUEUED

    async def _later_than_all(self, person_id: PersonId, provider: str, by: Speaker) -> datetime:
        now, last = self.now(), await self.people.last_said_at(person_id, provider, by.schools)
        return now if last is None else max(now, last + TICK)
