"""Every kind of alarm that there is comes, with since when, and goes once what it tells of is over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from adapters.database.prune import Prune
from adapters.database.schema import dead_letters
from adapters.simulator.entities import SERVICE_ID, Member
from events.dead_letters import discard, resume
from rollcall.advice import TO_DO
from sync import desired
from sync.account_health import OK, REFUSES, UNREACHABLE, Health
from sync.alarms import ALARMS
from sync.rules import RULES
from sync.streams import Partition, Position
from sync.views.status import Alarm
from tests.looks.conftest import FOREIGN, OTHER_TEACHER, A, School
from tests.road import Road
from tests.rollcall.test_named_commands import ROOT

NAMED_BY_THE_CONTRACT = {
    "no_staff", "no_administrator", "removal_late", "stranger", "returned", "account_changed_hands",
    "platform_refuses", "platform_unreachable", "platform_paused", "look_late", "planning_stalled", "partition_stopped",
    "handling_failed", "clock_jumped", "source_silent",
}  # fmt: skip
PARTITION = Partition("roster.events", 3)

Step = Callable[[School], Awaitable[Any]]


@pytest.fixture
async def school(road: Road) -> School:
    made = School(road)
    await made.begins()
    return made


async def told(school: School) -> list[Alarm]:
    return list((await school.registry.operations.status(None, school.road.clock.now())).alarms)


async def an_account_changes_hands(school: School) -> None:
    """Anna's, while she stands in class a: Boris has claimed it for long."""
    said = school.said
    await school.road.post([said.account("linked", "boris", "1"), said.account("unlinked", "anna")])
    await school.settles()


async def a_day_goes_by(school: School) -> None:
    school.road.clock.turn(hours=25)
    await Prune(school.road.database, timedelta(days=400), timedelta(days=90), timedelta(days=1100), told=False).some(
        school.road.clock.at
    )
    await school.looks()


async def a_record_is_set_apart(school: School) -> None:
    letter = {
        "topic": "t", "partition": 0, "offset": 1, "headers": [], "body": b"", "reason": "handling_failed",
        "errors": [], "received_at": school.road.clock.at,
    }  # fmt: skip
    async with school.road.database.writing() as connection:
        await connection.execute(insert(dead_letters).values(letter))


async def a_partition_stops(school: School) -> None:
    async with school.road.database.streaming() as tx:
        await tx.positions.write({PARTITION: Position(7, 0, school.road.clock.at, "too_many_bad_records")})


async def the_clock_jumps(school: School) -> None:
    school.jumped_at = school.road.clock.at


async def it_is_put_right(school: School) -> None:
    school.jumped_at = None


async def the_teacher_leaves(school: School) -> None:
    await school.happens("employee.dismissed", employee_id="t")
    await school.settles()


async def a_teacher_comes(school: School) -> None:
    await school.happens("class.homeroom_teacher_assigned", class_id="a", employee_id="o")
    school.road.clock.turn(seconds=1)
    await school.settles()


async def nobody_removes_a_leaver(school: School) -> None:
    await school.happens("student.expelled", student_id="anna")
    school.road.clock.turn(minutes=6)


async def nobody_looks(school: School) -> None:
    school.road.clock.turn(hours=49)


async def somebody_comes(school: School, account: int) -> None:
    school.joins(A, account)
    await school.looks()


async def he_goes(school: School, account: int) -> None:
    school.leaves(A, account)
    await school.looks()


async def the_system_sends_for_a_week_and_stops(school: School) -> None:
    for day in range(7):
        await school.happens("person.described", person_id="anna", last_name="А", first_name=f"А{day}")
        school.road.clock.turn(days=1)
    school.road.clock.turn(days=14)


async def it_sends_again(school: School) -> None:
    await school.happens("person.described", person_id="anna", last_name="А", first_name="А")


async def some_hours_go_by(school: School) -> None:
    school.road.clock.turn(hours=2)


async def a_right_is_taken(school: School, *left: str) -> None:
    chat = school.road.platform.world.chats[school.chats[A]]
    chat.members[SERVICE_ID] = Member(chat.made_at, is_admin=True, permissions=frozenset(left))
    await school.looks()


async def it_is_given_back(school: School) -> None:
    chat = school.road.platform.world.chats[school.chats[A]]
    chat.members[SERVICE_ID] = Member(chat.made_at, is_admin=True, is_owner=True)
    await school.looks()


async def an_account_is(school: School, health: Health) -> None:
    async with school.road.database.settling() as tx:
        await tx.note_health({"max": health})


async def an_account_is_paused(school: School) -> None:
    await an_account_is(school, Health("paused", "http.429"))
    async with school.road.database.settling() as tx:
        await tx.pause("max", 900)


def ruled_by(*rules: Any) -> None:
    """From now on; as it was once the test is over, which puts back what it found."""
    pytest.MonkeyPatch().setattr(desired, "RULES", rules)


async def planning_fails(school: School) -> None:
    def fails(person: str, roster: Any) -> Any:
        raise ZeroDivisionError

    ruled_by(*RULES, fails)
    await school.happens("student.enrolled", student_id="vera", class_id="a")


async def planning_is_mended(school: School) -> None:
    ruled_by(*RULES)
    school.road.clock.turn(minutes=1)
    await school.settles()


WELL = Health(OK)
ALL_BUT_ONE = ("read_all_messages", "add_remove_members", "change_chat_info")

COME_AND_GO: Mapping[str, tuple[Step, Step]] = {
    "account_changed_hands": (an_account_changes_hands, a_day_goes_by),
    "clock_jumped": (the_clock_jumps, it_is_put_right),
    "handling_failed": (a_record_is_set_apart, lambda school: discard(1, school.road.database)),
    "look_late": (nobody_looks, lambda school: school.looks()),
    "no_administrator": (the_teacher_leaves, a_teacher_comes),
    "no_staff": (the_teacher_leaves, a_teacher_comes),
    "partition_stopped": (a_partition_stops, lambda school: resume(PARTITION, 7, school.road.database)),
    "planning_stalled": (planning_fails, planning_is_mended),
    "platform_paused": (an_account_is_paused, a_day_goes_by),
    "platform_refuses": (
        lambda school: an_account_is(school, Health(REFUSES, "verify.token")),
        lambda school: an_account_is(school, WELL),
    ),
    "platform_unreachable": (
        lambda school: an_account_is(school, Health(UNREACHABLE, "timeout")),
        lambda school: an_account_is(school, WELL),
    ),
    "removal_late": (nobody_removes_a_leaver, lambda school: school.settles()),
    "returned": (lambda school: somebody_comes(school, OTHER_TEACHER), some_hours_go_by),
    "rights_lacking": (lambda school: a_right_is_taken(school, *ALL_BUT_ONE), it_is_given_back),
    "source_silent": (the_system_sends_for_a_week_and_stops, it_sends_again),
    "stranger": (lambda school: somebody_comes(school, FOREIGN), lambda school: he_goes(school, FOREIGN)),
}


def test_every_kind_that_the_contract_names_is_there_and_is_told_with_what_to_do() -> None:
    assert set(ALARMS) >= NAMED_BY_THE_CONTRACT
    assert set(ALARMS) == COME_AND_GO.keys() == TO_DO.keys()


@pytest.mark.parametrize("kind", ALARMS)
def test_what_to_do_about_it_is_on_the_operators_page(kind: str) -> None:
    assert f"`{kind}`" in (ROOT / "docs/operating.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ALARMS)
async def test_it_comes_with_since_when_and_goes(school: School, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desired, "RULES", RULES)
    come, go = COME_AND_GO[kind]
    assert kind not in {alarm.kind for alarm in await told(school)}
    await come(school)
    now = school.road.clock.now()
    [alarm, *_] = [each for each in await told(school) if each.kind == kind]
    assert alarm.since is not None
    assert alarm.since <= now
    await go(school)
    assert kind not in {alarm.kind for alarm in await told(school)}
