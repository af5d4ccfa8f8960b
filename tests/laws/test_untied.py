"""Whoever is tied to a school waits for nobody who has left: random histories, and what we say of former holders."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from adapters.database.schema import inbox
from tests import oracle
from tests.histories import ORGANISATIONS
from tests.laws.profiles import share_of_examples
from tests.laws.roads import FIRST_DAY, fresh_road, full_histories, in_batches, rows
from tests.laws.test_whole_road import check_members
from tests.road import Road

Event = dict[str, Any]

DAYS = [FIRST_DAY + timedelta(days=days) for days in range(8)]


def tied(events: Sequence[Event], person: str) -> bool:
    """Whether they are tied to a school, or will be."""
    schools = [oracle.School(events, school, day) for school in ORGANISATIONS for day in DAYS]
    return any(school.ties(person, with_denied=False) for school in schools)


def kept_out(events: Sequence[Event], person: str) -> bool:
    """A school blocks them, or denies them a child."""
    held = [oracle.held_on(FIRST_DAY, events)]
    return any(
        statement.value and fact[0] in {"blocked", "denied"} and person == fact[2]
        for facts in held
        for fact, statement in facts.items()
    )


def left(events: Sequence[Event], person: str) -> bool:
    """A school has placed or employed them by now, or a student of theirs."""
    held = oracle.held_on(FIRST_DAY, events)
    own = {fact[1:] for fact in held if fact[0] in {"class of", "position"}}
    wards = {(fact[1], fact[3]) for fact in held if fact[0] in {"guardian", "denied"} and fact[2] == person}
    placed = {fact[1:] for fact in held if fact[0] == "class of"}
    return any(who == person for _, who in own) or bool(wards & placed)


def held_off(events: Sequence[Event]) -> Iterator[tuple[str, str]]:
    """Who waits for an account today, and who holds it."""
    has = {account: person for person, account in oracle.accounts(events, "max").items() if account is not None}
    for person, account in oracle.held_by_another(events, "max").items():
        if any(oracle.School(events, school, FIRST_DAY).ties(person, with_denied=False) for school in ORGANISATIONS):
            yield person, has[account]


async def to_rest(road: Road, events: Sequence[Event], sizes: Sequence[int]) -> list[Event]:
    """Gives what we said besides."""
    for batch in in_batches(events, sizes):
        await road.post(batch)
    for _ in range(20):
        await road.converge()
        if not await road.unlink():
            ours = await rows(road, select(inbox.c.body).where(inbox.c.source == "rollcall"))
            return [json.loads(row.body) for row in ours]
    raise AssertionError("it does not come to rest")


async def nobody_waits(prepared: Path, events: list[Event], sizes: list[int]) -> None:
    async with fresh_road(prepared) as road:
        said = await to_rest(road, events, sizes)
        together = [*events, *said]
        for _, holder in held_off(together):
            assert tied(together, holder) or kept_out(together, holder) or not left(together, holder)
        for event in said:
            person = event["data"]["person_id"]
            assert not tied(together, person)
            assert left(together, person)
            assert not kept_out(together, person)
        await check_members(road, together, FIRST_DAY)


@share_of_examples(0.2)
@given(events=full_histories(), sizes=st.lists(st.integers(1, 12), min_size=1, max_size=5))
def test_nobody_tied_waits_for_who_has_left(prepared_sqlite: Path, events: list[Event], sizes: list[int]) -> None:
    asyncio.run(nobody_waits(prepared_sqlite, events, sizes))
