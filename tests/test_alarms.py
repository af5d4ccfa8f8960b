"""Alarms of a chat, by who is in it."""

from __future__ import annotations

import pytest
from hypothesis import given

from sync.alarms import NO_ADMINISTRATOR, NO_STAFF, added_by_hand, alarms_of_chat
from sync.places import ADMIN, MEMBER, OUT, UNKNOWN, KeptReason
from sync.roster import Facts, Roster
from sync.rules import ADMIN as AS_ADMIN
from sync.rules import EMPLOYEE, RULES, tie_of
from sync.standings import Seat
from tests.histories import ORGANISATIONS, PERSONS
from tests.laws.roads import FIRST_DAY, Event, full_histories, words_of
from tests.road import START


def seat(person: str, reason: str, observed: str = MEMBER) -> Seat:
    return Seat(person, person, MEMBER, observed, (KeptReason(reason, MEMBER, 1, START),))


PUPIL, TEACHER = seat("anna", "studies_in"), seat("elena", "homeroom", ADMIN)


@pytest.mark.parametrize(
    ("seats", "kinds"),
    [
        ([], []),
        ([PUPIL, TEACHER], []),
        ([PUPIL], [NO_ADMINISTRATOR, NO_STAFF]),
        ([PUPIL, seat("elena", "employed")], [NO_ADMINISTRATOR]),
        ([seat("anna", "studies_in_group"), seat("boris", "studies_in", ADMIN)], [NO_STAFF]),
        ([seat("vera", "guardian_of:anna")], [NO_ADMINISTRATOR]),
        ([PUPIL, seat("elena", "homeroom", OUT)], [NO_ADMINISTRATOR, NO_STAFF]),
        ([PUPIL, seat("elena", "homeroom", UNKNOWN)], [NO_ADMINISTRATOR, NO_STAFF]),
        ([PUPIL, seat("galina", "added_by_hand", ADMIN)], [NO_STAFF]),
    ],
)
def test_an_alarm_goes_by_who_is_there(seats: list[Seat], kinds: list[str]) -> None:
    assert list(alarms_of_chat(seats, ())) == kinds


def test_who_was_added_by_hand_is_staff_where_employed() -> None:
    seats = [PUPIL, seat("galina", "added_by_hand", ADMIN), seat("dmitri", "added_by_hand", OUT)]
    assert added_by_hand(seats) == {"galina"}
    assert list(alarms_of_chat(seats, {"galina"})) == []


@given(events=full_histories())
def test_only_employees_administrate_chats(events: list[Event]) -> None:
    """So a room with an administrator who is to be one has staff, and need not be looked at."""
    facts = Facts(words_of(events))
    for school in ORGANISATIONS:
        roster = Roster(school, FIRST_DAY, facts)
        reasons = [reason for person in PERSONS for rule in RULES for reason in rule(person, roster)]
        assert {tie_of(reason.reason) for reason in reasons if reason.role == AS_ADMIN} <= {EMPLOYEE}
