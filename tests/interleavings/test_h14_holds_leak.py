"""H14: holds do not leak person by person.

(1) A plan removes many: held. (2) The next day a harmless event touches one of them; level says «remove», a plan of one
is under the floor; out he would go, undecided. So a held place is wanted out with its hold already, planning it again
adds nothing, and only a change of what is desired of it leaves the hold. A rejected one stays through duplicates.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from adapters.database.schema import holds, places
from sync.guards.limits import Guards, Limit
from sync.ids import EventNo
from sync.places import ADMIN, MEMBER, OUT, KeptReason, Place
from sync.plan.places import next_place
from sync.planning_scope import Cause
from sync.use_cases.decide_holds import Verdict, decide_hold, rejection
from sync.wanted import Wanted
from tests.interleavings.told import Told, shown
from tests.laws.roads import rows
from tests.road import START, Road

PUPILS = [f"pupil-{number}" for number in range(5)]
ACCOUNTS = {pupil: str(number) for number, pupil in enumerate(PUPILS, 1)}
EVERYBODY = {"class:5a": dict.fromkeys(ACCOUNTS.values(), "member")}


async def flooded(road: Road) -> Told:
    """All pupils of a class expelled at once, and held: more than two leave."""
    road.rules = replace(road.rules, guards=Guards(organisation=Limit(0.2, 2), chat=Limit(0.5, 100)))
    road.knows(*ACCOUNTS.values())
    told = Told()
    told.school("organisation.registered", name="Школа")
    told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")
    for pupil, account in ACCOUNTS.items():
        told.school("student.enrolled", student_id=pupil, class_id="5a")
        told.account("linked", pupil, account)
    await road.post(told.events)
    await road.converge()
    await road.post([told.school("student.expelled", student_id=pupil) for pupil in PUPILS])
    await road.converge()
    assert await shown(road) == EVERYBODY
    return told


async def held(road: Road) -> set[str]:
    return {
        row.person_id for row in await rows(road, select(places)) if row.hold_no is not None and row.wanted == "out"
    }


async def rejected(road: Road) -> None:
    """A person rejects the one hold there is."""
    [hold] = await rows(road, select(holds))
    no = rejection("operator", "a column slipped")
    decided = await decide_hold(road.database, road.rules, hold.hold_no, no, road.clock.now())
    assert decided.verdict is Verdict.DONE


async def test_a_harmless_event_the_next_day_takes_nobody_out_of_a_hold(road: Road) -> None:
    told = await flooded(road)
    road.clock.turn(hours=23)
    await road.post([told.school("person.described", person_id=PUPILS[0], last_name="А", first_name="Б")])
    await road.post([told.school("person.unblocked", person_id=PUPILS[1])])
    await road.post([told.school("student.expelled", student_id=PUPILS[2], reason="left")])
    await road.post([told.account("linked", PUPILS[3], ACCOUNTS[PUPILS[3]])])
    await road.converge()
    assert await shown(road) == EVERYBODY
    assert await held(road) == set(PUPILS)


async def test_who_is_desired_again_leaves_the_hold_and_alone(road: Road) -> None:
    told = await flooded(road)
    await road.post([told.school("student.restored", student_id=PUPILS[0], class_id="5a")])
    await road.converge()
    assert await shown(road) == EVERYBODY
    assert await held(road) == set(PUPILS[1:])


async def test_a_replay_does_not_open_what_was_rejected(road: Road) -> None:
    told = await flooded(road)
    await rejected(road)
    for _ in range(2):
        assert {taken.outcome for taken in await road.post(told.events)} == {"duplicate"}
        road.clock.turn(hours=25)
        await road.converge()
    assert await shown(road) == EVERYBODY


async def test_a_link_does_not_open_what_was_rejected(road: Road) -> None:
    """It plans him anew, and says nothing of whether he belongs there."""
    told = await flooded(road)
    await rejected(road)
    road.clock.turn(hours=25)
    await road.post([told.account("linked", PUPILS[0], ACCOUNTS[PUPILS[0]], source="another")])
    await road.converge()
    assert await shown(road) == EVERYBODY


async def test_an_event_about_one_who_was_rejected_plans_him_anew(road: Road) -> None:
    told = await flooded(road)
    await rejected(road)
    road.clock.turn(hours=25)
    await road.post([told.school("student.expelled", student_id=PUPILS[0], reason="left")])
    await road.converge()
    assert await shown(road) == {"class:5a": dict.fromkeys(list(ACCOUNTS.values())[1:], "member")}


REASONS = (KeptReason("studies_in", MEMBER, EventNo(1), START),)
WANTED = st.sampled_from((None, Wanted(MEMBER, REASONS), Wanted(ADMIN, REASONS), Wanted(OUT, REASONS)))
PLACES = st.builds(
    Place,
    organisation_id=st.just("school"),
    person_id=st.just("anna"),
    room_no=st.just(1),
    account=st.sampled_from(("1", "")),
    wanted=st.sampled_from((OUT, MEMBER, ADMIN)),
    reasons=st.sampled_from(((), REASONS)),
    cause_no=st.integers(0, 3),
    wanted_at=st.sampled_from((None, START)),
    hold_no=st.sampled_from((None, 7)),
    rejected=st.booleans(),
    observed=st.sampled_from((OUT, MEMBER, ADMIN)),
)


@given(PLACES, WANTED, st.booleans())
def test_a_place_planned_twice_is_planned_once(place: Place, wanted: Any, by_event: bool) -> None:
    cause = Cause(EventNo(9), by_event=by_event)
    once = next_place(place, wanted, cause, START)
    assert once is None or next_place(once, wanted, cause, START) == once


@given(PLACES, st.booleans())
def test_no_planning_that_wants_it_out_takes_the_hold_from_a_held_place(place: Place, by_event: bool) -> None:
    if place.held and place.seen and not place.reasons:
        after = next_place(place, None, Cause(EventNo(9), by_event=by_event), START)
        assert after is not None
        assert after.held
