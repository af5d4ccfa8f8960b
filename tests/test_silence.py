"""A source that used to send a school's events and sends no more: who is expected, since when, and for how long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from adapters.database.read.registry import registry_of
from adapters.database.schema import heard_sources
from sync.ids import OrganisationId
from sync.silence import REGULAR, TOLD_FOR, Heard, heard_again
from sync.titles import Titles
from tests.interleavings.told import Told
from tests.road import START, Road

DAY, TWO_WEEKS = timedelta(days=1), timedelta(days=14)


@pytest.mark.parametrize(
    ("every", "times", "expected"),
    [(1, REGULAR - 1, False), (1, REGULAR, True), (14, REGULAR, True), (15, 20, False), (0.1, 9, False)],
)
def test_who_sent_on_several_days_without_a_silence_is_expected_again(every: float, times: int, expected: bool) -> None:
    heard: Heard | None = None
    for number in range(times):
        heard = heard_again(heard, START + number * every * DAY, TWO_WEEKS)
    assert heard is not None
    assert heard.expected_by == (heard.at + TWO_WEEKS if expected else None)


def test_a_clock_that_goes_back_takes_nothing_back() -> None:
    heard = heard_again(Heard(START, 7, None), START - DAY, TWO_WEEKS)
    assert heard == Heard(START, 7, START + TWO_WEEKS)


async def silent(road: Road, *schools: str) -> list[tuple[str | None, str | None]]:
    asked = frozenset(map(OrganisationId, schools)) or None
    operations = registry_of(road.database.reading, Titles(), {}, monotonic=road.clock.monotonic).operations
    found = (await operations.status(asked, road.clock.now())).alarms
    return [(alarm.organisation_id, alarm.detail) for alarm in found if alarm.kind == "source_silent"]


async def test_it_is_told_of_each_school_and_source_by_itself_and_not_for_ever(road: Road) -> None:
    told = Told()
    for day in range(REGULAR):
        for school, source in (("s1", "sis"), ("s1", "another"), ("s2", "sis"), ("s1", "rollcall")):
            name = {"person_id": "anna", "last_name": "А", "first_name": str(day)}
            await road.post([told.school("person.described", school, source=source, **name)])
        road.clock.turn(days=1)
    road.clock.turn(days=12)
    await road.post([told.school("person.described", "s2", person_id="anna", last_name="А", first_name="А")])
    assert await silent(road) == []
    road.clock.turn(days=2)
    assert await silent(road) == [("s1", "another"), ("s1", "sis")]
    assert await silent(road, "s2") == []
    road.clock.at += TOLD_FOR
    assert await silent(road) == []


async def test_who_repeats_itself_is_not_silent_and_is_written_once_a_day(road: Road) -> None:
    told = Told()
    said = [told.school("person.described", person_id="anna", last_name="А", first_name="А")]
    for _ in range(3):
        await road.post(said)
        road.clock.turn(hours=25)
    async with road.database.reading() as connection:
        [row] = await connection.execute(select(heard_sources))
    assert (row.organisation_id, row.source, row.days) == ("school", "sis", 3)
    assert row.heard_at == road.clock.at - timedelta(hours=25)
