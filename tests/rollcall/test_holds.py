"""`rollcall holds` and `rollcall guards`: a person at the command line decides, and sets other limits."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from adapters.database.store import Database
from tests.interleavings.told import Event, Told
from tests.road import Road, TestClock
from tests.rollcall.conftest import CommandLine

PUPILS = [f"pupil-{number}" for number in range(12)]
LIMIT = "chat class:5a: 12 of 12 members leave"


async def flood(url: str) -> None:
    """Twelve pupils of a class, all expelled at once, just now."""
    clock, told = TestClock(datetime.now(UTC)), Told()
    database = Database(url, clock=clock.of_database)
    road = Road(database, clock)

    def school(type_: str, **data: str) -> Event:
        return told.school(type_, at=clock.at - timedelta(hours=1) + timedelta(seconds=len(told.events)), **data)

    school("organisation.registered", name="Школа")
    school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")
    for number, pupil in enumerate(PUPILS, 1):
        road.knows(str(number))
        school("student.enrolled", student_id=pupil, class_id="5a")
        told.account("linked", pupil, str(number), at=clock.at - timedelta(hours=1))
    await road.post(told.events)
    await road.converge()
    await road.post([school("student.expelled", student_id=pupil) for pupil in PUPILS])
    await road.converge()
    await database.close()


@pytest.fixture
def held(rollcall: CommandLine, sqlite_url: str) -> CommandLine:
    asyncio.run(flood(sqlite_url))
    return rollcall


def test_a_hold_is_listed_and_shown_with_each_change_and_its_cause(held: CommandLine) -> None:
    [listed] = held("holds", "list", "--json").json
    assert (listed["organisation_id"], listed["persons"], listed["state"]) == ("school", 12, "held")
    assert listed["limit"].split("; ")[0] == LIMIT
    shown = held("holds", "show", str(listed["id"]), "--json").json
    assert shown == listed
    told = held("holds", "show", str(listed["id"])).out
    assert LIMIT in told
    assert told.count("remove_member") == 12
    assert told.count("school.student.expelled.v1") == 12


@pytest.mark.parametrize(("decision", "state"), [("approve", "approved"), ("reject", "rejected")])
def test_a_decision_is_kept_with_its_reason_and_who_took_it(held: CommandLine, decision: str, state: str) -> None:
    [listed] = held("holds", "list", "--json").json
    ended = held("holds", decision, str(listed["id"]), "--reason", "Слетел столбец")
    assert (ended.code, ended.out, "12 persons" in ended.err) == (0, "", True)
    assert held("holds", "list", "--json").json == []
    [after] = held("holds", "list", "--all", "--json").json
    assert (after["state"], after["why"], after["still_held"]) == (state, "Слетел столбец", 0)
    assert after["decided_by"].endswith("at the command line")
    again = held("holds", "approve", str(listed["id"]), "--reason", "Ещё раз")
    assert (again.code, f"it was decided already: {state} (rollcall holds show {listed['id']})" in again.err) == (
        1,
        True,
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("approve", "1"), 2),
        (("approve", "1", "--reason", " "), 2),
        (("approve", "one", "--reason", "x"), 2),
        (("approve", "99", "--reason", "x"), 1),
        (("show", "99"), 1),
    ],
)
def test_what_cannot_be_decided_is_told_and_nothing_happens(
    held: CommandLine, arguments: tuple[str, ...], code: int
) -> None:
    ended = held("holds", *arguments)
    assert (ended.code, ended.out, "Traceback" in ended.err) == (code, "", False)
    assert [hold["state"] for hold in held("holds", "list", "--json").json] == ["held"]


def test_an_explanation_tells_the_hold_and_whom_to_ask(held: CommandLine) -> None:
    told = held("explain", "pupil-0").out
    assert f"hold 1: {LIMIT}" in told
    assert "rollcall holds show 1" in told
    held("holds", "reject", "1", "--reason", "x")
    assert "(rejected, or nobody decided in time)" in held("explain", "pupil-0").out


def test_limits_are_set_listed_and_dropped(held: CommandLine) -> None:
    span = ("--from", "2026-08-25", "--to", "2026-08-31")
    assert held("guards", "set", "school", "--floor", "500", *span).code == 0
    assert held("guards", "set", "--gain", "100").code == 0
    of_all, own = held("guards", "list", "--json").json
    assert (of_all["organisation_id"], of_all["gain"], of_all["from_on"], of_all["floor"]) == (None, 100, None, None)
    assert (own["organisation_id"], own["floor"], own["from_on"]) == ("school", 500, "2026-08-25")
    assert held("guards", "drop", "school").code == 1
    assert held("guards", "drop", "school", *span).code == 0
    assert [of["organisation_id"] for of in held("guards", "list", "--json").json] == [None]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("set", "school"), 2),
        (("set", "school", "--share", "1.5"), 2),
        (("set", "school", "--floor", "5", "--from", "2026-08-31", "--to", "2026-08-25"), 2),
        (("set", "nowhere", "--floor", "5"), 1),
    ],
)
def test_limits_that_make_no_sense_are_not_set(held: CommandLine, arguments: tuple[str, ...], code: int) -> None:
    ended = held("guards", *arguments)
    assert (ended.code, ended.out, "Traceback" in ended.err) == (code, "", False)
    assert held("guards", "list", "--json").json == []
