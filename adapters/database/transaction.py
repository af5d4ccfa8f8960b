"""One transaction of taking in and planning: its attributes are the parts that load and write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from adapters.database.bulk import Bulk
from adapters.database.load.accounts import StoredAccounts
from adapters.database.load.at_hand import FactsAtHand
from adapters.database.load.facts import StoredFacts
from adapters.database.load.guarding import Guarding
from adapters.database.load.remembered import Memory
from adapters.database.load.scopes import Scopes
from adapters.database.rows import room_of
from adapters.database.write.affected import AffectedRows
from adapters.database.write.dead_letters import DeadLetterTable
from adapters.database.write.facts import FactTables
from adapters.database.write.heard import HeardSources, Noted
from adapters.database.write.holds import HoldTable
from adapters.database.write.inbox import Inbox
from adapters.database.write.offsets import Offsets
from adapters.database.write.people import PeopleTables
from adapters.database.write.phones import PhoneTables
from adapters.database.write.plans import PlanTables
from adapters.database.write.present import PresentRows
from adapters.database.write.schools import SchoolRows
from sync.accounts import AccountAssertion, Bounds
from sync.affected import Affected
from sync.ids import AccountId, ChatId, EventNo, OrganisationId, PersonId, RoomNo
from sync.looks import Difference
from sync.places import Room
from sync.planning_scope import Cause, PlanningScope
from sync.ports.events import Incoming, Outcome, Recorded
from sync.ports.facts import Fact
from sync.ports.plans import Batch
from sync.ports.schools import Chosen, Organisation
from sync.timelines import Timeline


class Transaction:
    """`platform`: where a new school's chats live; `linger`: how long a room waits from its first due change;
    `heard`: the day for which each source is noted already, and what silence of one is told.
    """

    def __init__(
        self, bulk: Bulk, platform: str, linger: timedelta, memory: Memory | None, heard: tuple[timedelta, Noted]
    ) -> None:
        at_hand, accounts = FactsAtHand(StoredFacts(bulk), memory), StoredAccounts(bulk)
        schools = SchoolRows(bulk, platform)
        self._at_hand = at_hand
        self._rows = schools
        self.positions = Offsets(bulk)
        self.dead_letters = DeadLetterTable(bulk)
        self.inbox = CountedInbox(Inbox(bulk))
        self.sources = HeardSources(bulk, *heard)
        self.schools = LockedSchools(schools, at_hand, self.inbox)
        self.people = People(PeopleTables(bulk), accounts, at_hand)
        self.phones = PhoneTables(bulk)
        self.facts = Facts(FactTables(bulk), at_hand)
        self.affected = AffectedRows(bulk)
        self.guarding = Guarding(bulk)
        self.holds = HoldTable(bulk)
        self.present = PresentRows(bulk)
        self.plans = Plans(PlanTables(bulk, linger), Scopes(bulk, at_hand, accounts), schools, self.facts)

    async def finish(self) -> None:
        """The last step before the commit: raise the counters by which remembered schools are known to be stale."""
        await self._rows.count_changes(self.facts.not_raised)

    def committed(self) -> None:
        self._at_hand.remember(self.facts.changed)
        self.sources.committed()


class CountedInbox:
    """The inbox; `of_school` counts the events of each school that are new."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self.of_school: Counter[OrganisationId] = Counter()

    async def record(self, events: Sequence[Incoming], now: datetime) -> list[Recorded]:
        marks = await self._inbox.record(events, now)
        new = (event for event, mark in zip(events, marks, strict=True) if not mark.duplicate)
        self.of_school.update(event.organisation_id for event in new if event.organisation_id is not None)
        return marks

    async def write_outcomes(self, outcomes: Mapping[EventNo, Outcome]) -> None:
        await self._inbox.write_outcomes(outcomes)


class LockedSchools:
    """Schools' rows; a locked school's facts may be remembered from now on."""

    def __init__(self, rows: SchoolRows, at_hand: FactsAtHand, inbox: CountedInbox) -> None:
        self._rows = rows
        self._at_hand = at_hand
        self._inbox = inbox

    async def lock(self, organisation_ids: Collection[OrganisationId]) -> dict[OrganisationId, Organisation]:
        return await self._entered(await self._rows.lock(organisation_ids))

    async def lock_due(
        self, now: datetime, limit: int, *, midnights_until: datetime | None = None
    ) -> dict[OrganisationId, Organisation]:
        return await self._entered(await self._rows.lock_due(now, limit, midnights_until=midnights_until))

    async def _entered(self, locked: dict[OrganisationId, Organisation]) -> dict[OrganisationId, Organisation]:
        await self._at_hand.enter({key: row.facts_no for key, row in locked.items()}, self._inbox.of_school)
        return locked

    async def lock_nights(self, now: datetime, limit: int) -> dict[OrganisationId, Organisation]:
        return await self._rows.lock_nights(now, limit)

    async def write_nights(self, nights: Mapping[OrganisationId, datetime]) -> None:
        await self._rows.write_nights(nights)

    async def begin_reconciles(
        self,
        organisation_ids: Collection[OrganisationId],
        by: str,
        now: datetime,
        *,
        apply: bool,
        planned: Sequence[Difference] = (),
    ) -> dict[str, int]:
        return await self._rows.begin_reconciles(organisation_ids, by, now, apply=apply, planned=planned)

    async def chosen_account(self, organisation_id: OrganisationId) -> Chosen | None:
        return await self._rows.chosen_account(organisation_id)

    async def choose_account(self, organisation_id: OrganisationId, platform: str, account: str) -> None:
        await self._rows.choose_account(organisation_id, platform, account)

    async def choose_sign_in(self, organisation_id: OrganisationId, url: str | None) -> None:
        await self._rows.choose_sign_in(organisation_id, url)


class People:
    """Persons and accounts."""

    def __init__(self, tables: PeopleTables, accounts: StoredAccounts, at_hand: FactsAtHand) -> None:
        self._tables = tables
        self._accounts = accounts
        self._at_hand = at_hand

    async def lock(self, tied: Collection[tuple[OrganisationId, PersonId]], linked: Collection[PersonId]) -> None:
        new = set(tied) - await self._at_hand.known_ties(tied)
        await self._tables.lock(new, linked)
        self._at_hand.tie(new)

    async def lock_accounts(self, accounts: Collection[tuple[str, str]], linked: Collection[PersonId]) -> None:
        await self._tables.lock_accounts(accounts, linked)

    async def add_account_assertions(self, assertions: Sequence[AccountAssertion]) -> None:
        await self._tables.add_assertions(assertions)

    async def account_assertions(self, persons: Collection[PersonId]) -> dict[str, list[AccountAssertion]]:
        return await self._accounts.histories(persons)

    async def bounds(self, sources: Collection[str]) -> Bounds:
        return await self._accounts.bounds(sources)

    async def own_sources(self, sources: Collection[str]) -> dict[str, str]:
        return await self._accounts.own_sources(sources)

    async def own_accounts(self) -> set[tuple[str, AccountId]]:
        return await self._accounts.own()

    async def ties(self, persons: Collection[PersonId]) -> list[tuple[OrganisationId, PersonId]]:
        return await self._accounts.ties(persons)


class Facts:
    """Facts, as they are known and written. `changed`: the schools whose facts were; `not_raised`: those of them whose
    counter was not raised yet.
    """

    def __init__(self, tables: FactTables, at_hand: FactsAtHand) -> None:
        self._tables = tables
        self._at_hand = at_hand
        self.changed: set[OrganisationId] = set()
        self.not_raised: set[OrganisationId] = set()

    async def timelines(self, facts: Collection[Fact]) -> dict[Fact, Timeline]:
        return await self._at_hand.timelines(facts)

    async def write_timelines(self, changes: Mapping[Fact, tuple[Timeline, Timeline]]) -> None:
        await self._tables.write(changes)
        self._at_hand.learn({fact: after for fact, (_, after) in changes.items()})
        schools = {key[0] for _, key in changes} - self.changed
        self.changed |= schools
        self.not_raised |= schools

    async def announced(self, names: Collection[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
        return await self._at_hand.announced(names)

    async def starting(self, rolls: Mapping[OrganisationId, tuple[date, date]]) -> dict[Fact, Timeline]:
        return await self._at_hand.starting(rolls)

    async def next_starts(self, after: Mapping[OrganisationId, date]) -> dict[OrganisationId, date]:
        return await self._at_hand.next_starts(after)


class Plans:
    """Loading what is to be planned, and writing the plans."""

    def __init__(self, tables: PlanTables, scopes: Scopes, schools: SchoolRows, facts: Facts) -> None:
        self._tables = tables
        self._scopes = scopes
        self._schools = schools
        self._facts = facts

    async def load(
        self, causes: Mapping[Affected, Cause], days: Mapping[OrganisationId, date]
    ) -> dict[OrganisationId, PlanningScope]:
        return await self._scopes.load(causes, days)

    async def rooms(self, of_chats: Collection[tuple[OrganisationId, ChatId]]) -> list[Room]:
        return list((await self._scopes.rooms(of_chats)).values())

    async def open_rooms(self, rooms: Sequence[Room]) -> list[Room]:
        return [room_of(row) for row in await self._tables.open_rooms(rooms)]

    async def filled(self, room_nos: Collection[RoomNo]) -> set[RoomNo]:
        return await self._scopes.filled(room_nos)

    async def write(self, batch: Batch, now: datetime) -> None:
        await self._tables.write(batch, now)
        planned = {key: row for key, row in batch.schedule.items() if key not in batch.stalled}
        await self._schools.write_schedule(planned, self._facts.not_raised)
        self._facts.not_raised -= planned.keys()
        await self._schools.write_stalled(batch.stalled, now)

    async def close_notice(self, organisation_id: OrganisationId, student_id: PersonId, now: datetime) -> bool:
        return await self._tables.close_notice(organisation_id, student_id, now)
