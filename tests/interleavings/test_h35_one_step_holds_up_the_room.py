"""H35: an act that fails for ever keeps nothing else in its room back; where the chat is full, removals come first."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from sync.errors import Failure, PlatformError
from tests.doubles.platform import Action, Outcome
from tests.interleavings.told import Told
from tests.road import Road

SCHOOL_DAY = 60  # looks at the road, ten seconds apart
REFUSED = PlatformError(Failure.UNCONFIRMED, "success.false")
FAILURES = {failure.value: PlatformError(failure, "told") for failure in (Failure.UNCONFIRMED, Failure.RETRY)}


async def class_of(road: Road, *students: str) -> Told:
    """Class 5a with its chat, in which all of them are; each has the account of their number."""
    told = Told()
    road.knows(*students)
    told.school("organisation.registered", name="Школа")
    for class_id in ("5a", "5b"):
        told.school("class.opened", class_id=class_id, name=class_id, school_year="2026/2027")
    for student in students:
        joins(told, student, "5a")
    await road.post(told.events)
    await road.converge()
    return told


def joins(told: Told, student: str, class_id: str) -> list[object]:
    return [
        told.account("linked", f"p{student}", student),
        told.school("student.enrolled", student_id=f"p{student}", class_id=class_id),
    ]


async def a_while(road: Road, looks: int = SCHOOL_DAY) -> None:
    for _ in range(looks):
        await road.plan()
        await road.settle()
        road.clock.turn(seconds=10)


def failing(*names: str, error: PlatformError, accounts: Iterable[str] = ()) -> Callable[[Action], Outcome]:
    """These calls fail; where accounts are given, only those that speak of one of them."""
    bad = set(accounts)

    def outcome(action: Action) -> Outcome:
        return error if action.name in names and (not bad or bad & set(action.accounts)) else None

    return outcome


@pytest.mark.parametrize("failure", FAILURES)
async def test_who_moves_leaves_his_old_class_though_nobody_can_be_added_and_no_title_be_set(
    road: Road, failure: str
) -> None:
    told = await class_of(road, "1", "2")
    road.platform.outcome = failing("add_members", "rename_chat", error=FAILURES[failure])
    before = len(told.events)
    told.school("class.renamed", class_id="5a", name="6 А")
    joins(told, "3", "5a")
    road.knows("3")
    told.school("student.transferred", student_id="p1", from_class_id="5a", to_class_id="5b")
    await road.post(told.events[before:])
    await a_while(road)
    assert (await road.members())["class:5a"] == {"2": "member"}


async def test_one_who_cannot_be_added_keeps_no_other_out(road: Road) -> None:
    told = await class_of(road, "1")
    newcomers = [str(number) for number in range(2, 12)]
    road.knows(*newcomers)
    road.platform.outcome = failing("add_members", error=REFUSED, accounts=["5"])
    before = len(told.events)
    for student in newcomers:
        joins(told, student, "5a")
    await road.post(told.events[before:])
    await a_while(road, 6)
    assert (await road.members())["class:5a"].keys() == {"1", *newcomers} - {"5"}


async def test_where_the_chat_is_full_who_leaves_makes_room_for_who_comes(road: Road) -> None:
    told = await class_of(road, "1", "2", "3")
    limits, newcomers, in_vain = 3, [str(number) for number in range(4, 12)], []

    def full(action: Action) -> Outcome:
        over = action.chat == "-1" and len(road.shown("-1")) + len(action.accounts) > limits
        if action.name != "add_members" or not over:
            return None
        if "1" in road.shown("-1"):
            in_vain.append(action)
        return REFUSED

    road.platform.outcome = full
    road.knows(*newcomers)
    before = len(told.events)
    for student in newcomers:
        joins(told, student, "5a")
    told.school("student.transferred", student_id="p1", from_class_id="5a", to_class_id="5b")
    await road.post(told.events[before:])
    await a_while(road)
    assert len(in_vain) <= 2  # whoever leaves is not tried last
    members = await road.members()
    assert members["class:5b"] == {"1": "member"}
    assert len(members["class:5a"]) == limits


async def test_what_fails_for_ever_is_tried_ever_more_slowly_whatever_else_gives_way_to_it(road: Road) -> None:
    told = await class_of(road, "1", "2")
    road.platform.outcome = failing("add_members", "remove_member", error=REFUSED)
    road.knows("3")
    before = len(told.events)
    joins(told, "3", "5a")
    told.school("student.transferred", student_id="p1", from_class_id="5a", to_class_id="5b")
    await road.post(told.events[before:])
    tried: list[Action] = []

    async def count(action: Action) -> None:
        tried.append(action)

    road.platform.before = count
    await a_while(road, 360)
    assert len(tried) < 150  # an hour


@pytest.mark.parametrize("bad", ["1", "57", "100"])
async def test_one_bad_account_among_a_hundred_is_found_by_halving(road: Road, bad: str) -> None:
    told = await class_of(road, "1000")
    newcomers = [str(number) for number in range(1, 101)]
    road.knows(*newcomers)
    road.platform.outcome = failing(
        "add_members", error=PlatformError(Failure.REFUSED, "proto.payload"), accounts=[bad]
    )
    before = len(told.events)
    for student in newcomers:
        joins(told, student, "5a")
    await road.post(told.events[before:])
    await road.plan()
    tried: list[int] = []

    async def count(action: Action) -> None:
        if action.name == "add_members":
            tried.append(len(action.accounts))

    road.platform.before = count
    road.clock.turn(seconds=1)
    await road.settle()
    assert len(await members_of(road)) == 100
    assert len(tried) <= 15  # the hundred, and two for each halving


async def members_of(road: Road) -> dict[str, str]:
    return (await road.members())["class:5a"]
