"""Strangers: accounts in chats for which no place exists, as settling sees them. Planning decides who they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import FromClause, select, update

from adapters.database.bulk import AFFECTED, Bulk
from adapters.database.schema import affected, read_backs, strangers
from sync.acts.effects import Observation
from sync.affected import PRESENT
from sync.ids import AccountId
from sync.looks import ADOPT, ASK
from sync.places import IN, OUT, UNKNOWN
from sync.ports.settling import Done
from sync.room import REVERTED, STRANGER, RoomWork

KEY = ("room_no", "account")


class _Found(NamedTuple):
    """What an answer says of an account without a place."""

    room: RoomWork
    account: AccountId
    seen: Observation


async def found(bulk: Bulk, done: Sequence[Done], now: datetime) -> None:
    """Forget strangers who are gone, except where it was decided to let them stay; leave those who are there to be
    decided on.
    """
    gone = [(each.room.room_no, account) for each in done for account in _gone(each)]
    await bulk.ask(_forgotten, [strangers.c[name] for name in KEY], gone)
    unplaced = [each for one in done for each in _unplaced(one)]
    reverted = [(each.room.room_no, each.account) for each in unplaced if each.seen.observed != UNKNOWN]
    await bulk.delete(read_backs, (*KEY, "why"), [(*key, REVERTED) for key in reverted])
    await _refused(bulk, [each for each in unplaced if each.seen.refused_code is not None])
    await _there(bulk, [each for each in unplaced if each.seen.refused_code is None and each.seen.observed in IN], now)


def _gone(done: Done) -> Iterator[str]:
    of_strangers = {place.account for place in done.room.places if place.person_id == STRANGER}
    for account in {*done.effects.settled, *of_strangers}:
        seen = done.effects.observed.get(account)
        if seen is not None and seen.observed == OUT:
            yield account


def _unplaced(done: Done) -> Iterator[_Found]:
    placed = {place.account for place in done.room.places if place.person_id != STRANGER}
    for account, seen in sorted(done.effects.observed.items()):
        if account not in placed and not done.effects.persons.get(account):
            yield _Found(done.room, account, seen)


async def _refused(bulk: Bulk, those: Sequence[_Found]) -> None:
    """A person has to see to it: the chat's owner, for one, cannot be taken out."""
    data = [(each.room.room_no, each.account, ASK, each.seen.refused_code) for each in those]
    await bulk.update(strangers, KEY, ("decision", "refused_code"), data)


async def _there(bulk: Bulk, those: Sequence[_Found], now: datetime) -> None:
    data = [(each.room.room_no, each.account, now, each.seen.observed) for each in those]
    await bulk.insert(strangers, (*KEY, "seen_at", "observed"), data, update=("observed",))
    await bulk.ask(_undecided, [strangers.c[name] for name in KEY], [row[:2] for row in data])
    await to_be_decided(bulk, {(each.room.organisation_id, each.room.room_no) for each in those}, now)


async def to_be_decided(bulk: Bulk, those: Collection[tuple[str, int]], now: datetime) -> None:
    """Leave (organisation, room) to planning, which decides on the accounts seen there."""
    columns = ("organisation_id", "kind", "id", "event_no", "by_event", "at")
    data = [(school, PRESENT, str(room_no), 0, False, now) for school, room_no in sorted(those)]
    await bulk.insert(affected, columns, data, update=("at",))
    if data:
        await bulk.notify(AFFECTED)


def _same(given: FromClause) -> Any:
    own = [strangers.c[name] == given.c[name] for name in KEY]
    return select(given.c.room_no).where(*own).correlate(strangers).exists()


def _forgotten(given: FromClause) -> Any:
    return strangers.delete().where(_same(given), strangers.c.decision.is_distinct_from(ADOPT))


def _undecided(given: FromClause) -> Any:
    return update(strangers).where(_same(given), strangers.c.decision.is_distinct_from(ADOPT)).values(decision=None)
