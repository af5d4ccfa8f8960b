"""H31: denied, then `assigned` by a snapshot, then `removed` without a denial: denied still, in all six orders.

A denial is a fact of its own: only an `assigned` that is not a snapshot's lifts it.
"""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from tests.interleavings.told import Event, Told, shown
from tests.road import Road

GUARDIAN = {"guardian_id": "vera", "student_id": "anna"}
LINKED_ALONE = {"class:5a": {"1": "member"}}


def family(told: Told) -> list[Event]:
    told.school("organisation.registered", name="Школа")
    told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")
    told.school("student.enrolled", student_id="anna", class_id="5a")
    told.school("guardian.assigned", **GUARDIAN)
    told.account("linked", "anna", "1")
    told.account("linked", "vera", "2")
    return list(told.events)


def three(told: Told) -> list[Event]:
    return [
        told.school("guardian.removed", **GUARDIAN, denied=True),
        told.school("guardian.assigned", **GUARDIAN, snapshot=True),
        told.school("guardian.removed", **GUARDIAN, denied=False),
    ]


IN_TURN = (0, 1, 2)
ORDERS = [*((order, IN_TURN) for order in permutations(IN_TURN)), *((IN_TURN, told) for told in permutations(IN_TURN))]


@pytest.mark.parametrize(("order", "told_in"), ORDERS)
async def test_who_was_denied_stays_denied_in_every_order(
    road: Road, order: tuple[int, ...], told_in: tuple[int, ...]
) -> None:
    """`told_in`: which of the three is the latest by its version; `order`: in which they arrive."""
    told = Told()
    road.knows("1", "2")
    await road.post(family(told))
    events = three(told)
    times = [event["time"] for event in events]
    for event, place in zip(events, told_in, strict=True):
        event["time"] = times[place]
    for place in order:
        await road.post([events[place]])
    again: Any = told.school("guardian.assigned", **GUARDIAN, snapshot=True)
    await road.post([again])
    await road.converge()
    assert await shown(road) == LINKED_ALONE


async def test_an_assignment_that_is_not_a_snapshots_lifts_the_denial(road: Road) -> None:
    told = Told()
    road.knows("1", "2")
    await road.post(family(told))
    await road.post(three(told))
    await road.post([told.school("guardian.assigned", **GUARDIAN)])
    await road.converge()
    assert await shown(road) == {**LINKED_ALONE, "parents:5a": {"2": "member"}}


async def test_an_assignment_older_than_the_denial_does_not_lift_it(road: Road) -> None:
    told = Told()
    road.knows("1", "2")
    await road.post(family(told))
    older = told.school("guardian.assigned", **GUARDIAN)
    await road.post([told.school("guardian.removed", **GUARDIAN, denied=True)])
    await road.post([older])
    await road.converge()
    assert await shown(road) == LINKED_ALONE
