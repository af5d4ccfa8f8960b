"""Alarms of a chat, by who is in it."""

from __future__ import annotations

import pytest
from hypothesis import given

from sync.alarms import NO_ADMINISTRATOR, NO_STAFF, added_by_hand, alarms_of_chat
from sync.ids import AccountId, EventNo, OrganisationId, PersonId
from sync.membership_states import PlaceView
from sync.places import ADMIN, MEMBER, OUT, UNKNOWN, KeptReason
from sync.roster import Roster
from sync.roster.facts import Facts
from sync.rules import ADMIN as AS_ADMIN
from sync.rules import EMPLOYEE, RULES, tie_of
from tests.histories import ORGANISATIONS, PERSONS
from tests.laws.roads import FIRST_DAY, Event, assertions_of, full_histories
from tests.road import START


def place(person: str, reason: str, observed: str = MEMBER) -> PlaceView:
    return PlaceView(
        PersonId(person), AccountId(person), MEMBER, observed, (KeptReason(reason, MEMBER, EventNo(1), START),)
    )


PUPIL, TEACHER = place("anna", "studies_in"), place("elena", "homeroom", ADMIN)


@pytest.mark.parametrize(
    ("places", "kinds"),
    [
        ([], []),
        ([PUPIL, TEACHER], []),
        ([PUPIL], [NO_ADMINISTRATOR, NO_STAFF]),
        ([PUPIL, place("elena", "employed")], [NO_ADMINISTRATOR]),
        ([place("anna", "studies_in_group"), place("boris", "studies_in", ADMIN)], [NO_STAFF]),
        ([place("vera", "guardian_of:anna")], [NO_ADMINISTRATOR]),
        ([PUPIL, place("elena", "homeroom", OUT)], [NO_ADMINISTRATOR, NO_STAFF]),
        ([PUPIL, place("elena", "homeroom", UNKNOWN)], [NO_ADMINISTRATOR, NO_STAFF]),
        ([PUPIL, place("galina", "added_by_hand", ADMIN)], [NO_STAFF]),
    ],
)
def test_an_alarm_goes_by_who_is_there(places: list[PlaceView], kinds: list[str]) -> None:
    assert list(alarms_of_chat(places, ())) == kinds


def test_who_was_added_by_hand_is_staff_where_employed() -> None:
    places = [PUPIL, place("galina", "added_by_hand", ADMIN), place("dmitri", "added_by_hand", OUT)]
    assert added_by_hand(places) == {"galina"}
    assert list(alarms_of_chat(places, {PersonId("galina")})) == []


@given(events=full_histories())
def test_only_employees_administrate_chats(events: list[Event]) -> None:
    """So a room with an administrator who is to be one has staff, and need not be looked at."""
    facts = Facts(assertions_of(events))
    for school in ORGANISATIONS:
        roster = Roster(OrganisationId(school), FIRST_DAY, facts)
        reasons = [reason for person in PERSONS for rule in RULES for reason in rule(PersonId(person), roster)]
        assert {tie_of(reason.reason) for reason in reasons if reason.role == AS_ADMIN} <= {EMPLOYEE}
