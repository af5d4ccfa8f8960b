"""What guards ask before a plan is written: who left lately, who is there, who is desired, who has a hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Boolean, Column, FromClause, Text, and_, exists, func, literal_column, or_, select, type_coerce

from adapters.database.bulk import Bulk
from adapters.database.rows import kept_reasons, span_of
from adapters.database.schema import changes, guard_limits, holds, places, removals, rooms
from adapters.database.types import Number
from sync.guards.joining import Crowd
from sync.guards.kinds import REASONS, kinds_of
from sync.guards.leaving import Removed
from sync.guards.limits import ALL_SCHOOLS, Span
from sync.guards.out import Seen, Standing
from sync.ids import ChatId, OrganisationId, PersonId, RoomNo
from sync.places import IN, NOBODY, OUT
from sync.ports.holds import APPROVED
from sync.rules import BY_HAND, tie_of

SCHOOL = holds.c.organisation_id
SOME_NEW, MORE = Column("some_new", Number), Column("more", Number)
CAME = Column("came", Boolean)
KIND, REASON = Column("kind", Text), Column("reason", Text)


K = TypeVar("K", bound=str)


class Guarding:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def spans(self, organisation_ids: Collection[OrganisationId]) -> list[Span]:
        schools = [(school,) for school in (ALL_SCHOOLS, *organisation_ids)]
        return [span_of(row) for row in await self._bulk.matching(guard_limits, ("organisation_id",), schools)]

    async def removals_since(
        self, organisation_ids: Collection[OrganisationId], since: datetime
    ) -> dict[OrganisationId, list[Removed]]:
        found: dict[OrganisationId, list[Removed]] = {school: [] for school in organisation_ids}
        data = [(school, since) for school in organisation_ids]
        returned = [*removals.columns, rooms.c.chat_id]
        for row in await self._bulk.ask(_removals, [SCHOOL, removals.c["at"]], data, returned):
            found[row.organisation_id].append(Removed(row.chat_id, row.person_id, tuple(row.kinds)))
        return found

    async def seen(self, organisation_ids: Collection[OrganisationId]) -> dict[OrganisationId, Seen]:
        rows: dict[OrganisationId, list[Any]] = {school: [] for school in organisation_ids}
        names = ("organisation_id", "room_no", "person_id", "account", "wanted", "reasons")
        returned = [*(places.c[name] for name in names), rooms.c.chat_id]
        for row in await self._bulk.ask(_seen_places, [SCHOOL], [(school,) for school in organisation_ids], returned):
            rows[row.organisation_id].append(row)
        return {school: _seen(of_school) for school, of_school in rows.items()}

    async def plenty(self, more: Mapping[tuple[OrganisationId, str], int]) -> set[tuple[OrganisationId, str]]:
        data = [(school, kind, reason, n) for (school, kind), n in sorted(more.items()) for reason in REASONS[kind]]
        build = Plenty(limited=self._bulk.postgresql)
        found = await self._bulk.ask(build, [SCHOOL, KIND, REASON, MORE], data, [SCHOOL, KIND])
        return {(row.organisation_id, row.kind) for row in found}

    async def crowds(self, more: Mapping[RoomNo, int], since: datetime) -> dict[RoomNo, Crowd]:
        data = [(room_no, since) for room_no in sorted(more)]
        returned = [places.c.room_no, SOME_NEW, SCHOOL, rooms.c.chat_id]
        found = await self._bulk.ask(_some_new, [places.c.room_no, removals.c["at"]], data, returned)
        many = {row.room_no: row for row in found if row.some_new >= more[row.room_no]}
        if not many:
            return {}
        desired: dict[RoomNo, dict[PersonId, datetime]] = {room_no: {} for room_no in many}
        data = [(room_no, since) for room_no in sorted(many)]
        columns = [places.c.room_no, places.c.person_id, places.c.reasons, CAME]
        for row in await self._bulk.ask(_desired, [places.c.room_no, removals.c["at"]], data, columns):
            at = min(kept.since for kept in kept_reasons(row.reasons))
            desired[row.room_no][row.person_id] = at if row.came else min(at, since)
        approved = await self._approved({row.organisation_id for row in many.values()}, since)
        return {
            room_no: Crowd(desired[room_no], approved.get((row.organisation_id, row.chat_id)))
            for room_no, row in many.items()
        }

    async def _approved(
        self, organisation_ids: Iterable[OrganisationId], since: datetime
    ) -> dict[tuple[OrganisationId, ChatId], datetime]:
        """When a person last approved many joins of a chat."""
        data = [(school, since) for school in sorted(organisation_ids)]
        returned = [SCHOOL, holds.c.plan, holds.c.decided_at]
        found: dict[tuple[OrganisationId, ChatId], datetime] = {}
        for row in await self._bulk.ask(_approved, [SCHOOL, removals.c["at"]], data, returned):
            for line in row.plan:
                if line["action"] == "add_member":
                    chat = row.organisation_id, line["chat_id"]
                    found[chat] = max(row.decided_at, found.get(chat, row.decided_at))
        return found

    async def kept(self, room_nos: Collection[RoomNo]) -> dict[RoomNo, set[PersonId]]:
        found: dict[RoomNo, set[PersonId]] = defaultdict(set)
        data = [(room_no,) for room_no in sorted(room_nos)]
        for row in await self._bulk.ask(_kept, [places.c.room_no], data, [places.c.room_no, places.c.person_id]):
            found[row.room_no].add(row.person_id)
        return found


def _seen(rows: Iterable[Any]) -> Seen:
    by_chat: dict[ChatId, set[PersonId]] = defaultdict(set)
    kinds: dict[str, set[Standing]] = defaultdict(set)
    by_hand: set[Standing] = set()
    for row in rows:
        by_chat[row.chat_id].add(row.person_id)
        ties = {tie_of(reason) for reason, *_ in row.reasons} if row.wanted in IN else set()
        standing = Standing(row.person_id, row.room_no, row.account)
        for kind in kinds_of(ties):
            kinds[kind].add(standing)
        if BY_HAND in ties:
            by_hand.add(standing)
    return Seen(_frozen(by_chat), _frozen(kinds), frozenset(by_hand))


def _frozen(sets: Mapping[K, set[Any]]) -> dict[K, frozenset[Any]]:
    return {key: frozenset(of) for key, of in sets.items()}


def _removals(given: FromClause) -> Any:
    own = (given.c.organisation_id == removals.c.organisation_id) & (removals.c["at"] > given.c["at"])
    joined = given.join(removals, own).join(rooms, rooms.c.room_no == removals.c.room_no)
    return select(*removals.columns, rooms.c.chat_id).select_from(joined)


def _seen_places(given: FromClause) -> Any:
    own = given.c.organisation_id == places.c.organisation_id
    joined = given.join(places, own).join(rooms, rooms.c.room_no == places.c.room_no)
    of = (places.c[name] for name in ("organisation_id", "room_no", "person_id", "account", "wanted", "reasons"))
    return select(*of, rooms.c.chat_id).select_from(joined).where(places.c.account != NOBODY, places.c.observed != OUT)


@dataclass(frozen=True, slots=True)
class Plenty:
    """SQLite has no LIMIT that depends on a row: there all rows are counted."""

    limited: bool

    def __call__(self, given: FromClause) -> Any:
        reasons = type_coerce(places.c.reasons, Text)
        own = places.c.organisation_id == given.c.organisation_id
        wanted = or_(*(places.c.wanted == role for role in sorted(IN)))
        begun = reasons.like(literal_column("'%[\"'") + given.c.reason + literal_column("'%'"))
        seen = and_(places.c.account != NOBODY, places.c.observed != OUT)
        standing: Any = select(literal_column("1")).where(own, wanted, seen, begun)
        some = standing.correlate(given).limit(given.c.more if self.limited else None).subquery()
        counted = select(func.count()).select_from(some).scalar_subquery()
        return select(given.c.organisation_id, given.c.kind).where(counted >= given.c.more)


def _is_desired() -> Any:
    return and_(places.c.reasons != literal_column("'[]'"), places.c.hold_no.is_(None))


def _some_new(given: FromClause) -> Any:
    """How many may have come to be desired in the given rooms since: their places changed since."""
    changed = and_(places.c.room_no == given.c.room_no, places.c.wanted_at > given.c["at"], _is_desired())
    counted = func.count(places.c.person_id.distinct()).label(SOME_NEW.name)
    own = rooms.c.room_no == given.c.room_no
    joined = given.join(rooms, own).outerjoin(places, changed)
    of = given.c.room_no, rooms.c.organisation_id, rooms.c.chat_id
    return select(given.c.room_no, counted, *of[1:]).select_from(joined).group_by(*of)


def _desired(given: FromClause) -> Any:
    """Who is desired in the given rooms, and whether they came in since, or are still to come. Who was held there and
    is desired again was there all the time.
    """
    of = places.c.room_no, places.c.person_id, places.c.reasons
    own = and_(*(changes.c[name] == places.c[name] for name in ("organisation_id", "person_id", "room_no")))
    added = exists().where(own, changes.c.action == "added", changes.c["at"] > given.c["at"])
    came = or_(added, and_(*(places.c.observed != role for role in sorted(IN)))).label(CAME.name)
    joined = given.join(places, places.c.room_no == given.c.room_no)
    return select(*of, came).select_from(joined).where(_is_desired())


def _approved(given: FromClause) -> Any:
    own = and_(holds.c.organisation_id == given.c.organisation_id, holds.c.decided_at > given.c["at"])
    joined = given.join(holds, own)
    return select(SCHOOL, holds.c.plan, holds.c.decided_at).select_from(joined).where(holds.c.state == APPROVED)


def _kept(given: FromClause) -> Any:
    chosen = places.c.room_no.in_(select(given.c.room_no))
    return select(places.c.room_no, places.c.person_id).where(chosen, places.c.hold_no.is_not(None))
