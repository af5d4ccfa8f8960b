"""What one look at one room shows, condition by condition: what is reported, and what is read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from sync.ids import NO_PERSON, AccountId, ChatId, OrganisationId, PersonId, RoomNo
from sync.looks import (
    ABSENT,
    ADOPT,
    ASK,
    KEEP,
    LISTED,
    LOST,
    RETURNED,
    REVERT,
    ROLE,
    SEEN,
    STRANGER,
    TITLE,
    UPDATE_COMES_WITHIN_S,
    Decision,
    Difference,
    KnownRoom,
    Policies,
    RoomSeen,
    ToReadBack,
    differences,
    to_read_back,
    wholly_out,
)
from sync.places import ADMIN, ARCHIVED, MEMBER, NEEDS_PERSON, OPEN, OUT, UNKNOWN
from sync.platform import ChatSeen
from sync.room import ITSELF, RoomPlace

CHAT, ANNA, BORIS = ChatId("class:a"), PersonId("anna"), PersonId("boris")
ACCOUNT = AccountId("1")

Of = Mapping[str, Any]


def known(*places: RoomPlace, **of: Any) -> KnownRoom:
    room = KnownRoom(RoomNo(1), OrganisationId("school"), CHAT, "5 А", "5 А", OPEN)
    return replace(room, places=places, **of)


def seen(role: str = OUT, title: str = "5 А", *, archived: bool = False, **of: Any) -> RoomSeen:
    """A look that shows the account in this role, and nobody else."""
    return RoomSeen(ChatSeen(title, archived, **of), {} if role == OUT else {ACCOUNT: role})


def place(wanted: str, observed: str, person: PersonId = ANNA, **of: Any) -> RoomPlace:
    return RoomPlace(person, ACCOUNT, wanted, observed, **of)


# of an account that has places


@pytest.mark.parametrize(
    ("wanted", "observed", "role", "kind", "action"),
    [
        (OUT, OUT, MEMBER, RETURNED, "remove_member"),
        (OUT, OUT, ADMIN, RETURNED, "remove_member"),
        (MEMBER, MEMBER, OUT, LOST, "add_member"),
        (MEMBER, ADMIN, OUT, LOST, "add_member"),
        (MEMBER, MEMBER, ADMIN, ROLE, "revoke_admin"),
        (ADMIN, ADMIN, MEMBER, ROLE, "grant_admin"),
    ],
)
def test_what_differs_of_a_known_account_is_named(
    wanted: str, observed: str, role: str, kind: str, action: str
) -> None:
    found = differences(known(place(wanted, observed)), seen(role))
    assert found == [Difference(kind, CHAT, ANNA, ACCOUNT, role, wanted, REVERT, action)]


@pytest.mark.parametrize(
    "of",
    [
        {"wanted": OUT, "observed": MEMBER, "held": True},
        {"wanted": OUT, "observed": OUT, "reasons": ("studies_in",)},  # who left by themselves
        {"wanted": OUT, "observed": OUT, "came_back": True},
    ],
)
def test_who_is_held_or_left_by_themselves_differs_in_nothing(of: Of) -> None:
    role = OUT if of["observed"] == MEMBER else MEMBER
    assert differences(known(place(**of)), seen(role)) == []


@pytest.mark.parametrize(
    ("wanted", "observed", "role"),
    [
        (MEMBER, MEMBER, MEMBER),
        (OUT, MEMBER, MEMBER),
        (OUT, MEMBER, ADMIN),
        (OUT, MEMBER, OUT),
        (MEMBER, OUT, ADMIN),
        (ADMIN, MEMBER, ADMIN),
        (MEMBER, UNKNOWN, OUT),
    ],
)
def test_what_is_in_the_outbox_or_unknown_is_none(wanted: str, observed: str, role: str) -> None:
    assert differences(known(place(wanted, observed)), seen(role)) == []


def test_nor_is_what_a_call_on_its_way_will_tell() -> None:
    room = known(place(MEMBER, MEMBER), flying=[ACCOUNT])
    assert (differences(room, seen(OUT)), list(to_read_back(room, seen(OUT)))) == ([], [])


def test_of_two_persons_with_one_account_the_one_who_is_wanted_is_named() -> None:
    [found] = differences(known(place(OUT, MEMBER), place(MEMBER, MEMBER, BORIS)), seen(OUT))
    assert (found.kind, found.person_id) == (LOST, BORIS)


# of an account that has none


@pytest.mark.parametrize(
    ("of", "kind", "person", "policy", "action"),
    [
        ({}, STRANGER, None, ASK, None),
        ({"policies": Policies(strangers=REVERT)}, STRANGER, None, REVERT, "remove_member"),
        (
            {"policies": Policies(strangers=REVERT), "decisions": {ACCOUNT: Decision(ASK)}},
            STRANGER,
            None,
            REVERT,
            "remove_member",
        ),
        (
            {"policies": Policies(strangers=REVERT), "decisions": {ACCOUNT: Decision(REVERT, refused=True)}},
            STRANGER,
            None,
            REVERT,
            None,
        ),
        (
            {"policies": Policies(strangers=REVERT), "decisions": {ACCOUNT: Decision(ADOPT)}},
            STRANGER,
            None,
            ADOPT,
            None,
        ),
        ({"holders": {ACCOUNT: ANNA}}, RETURNED, ANNA, REVERT, "remove_member"),
        ({"holders": {ACCOUNT: ANNA}, "decisions": {ACCOUNT: Decision(ASK)}}, RETURNED, ANNA, REVERT, "remove_member"),
        ({"holders": {ACCOUNT: ANNA}, "decisions": {ACCOUNT: Decision(ADOPT)}}, STRANGER, None, ADOPT, None),
    ],
)
def test_who_has_no_place_is_a_stranger_or_somebody_known(
    of: Of, kind: str, person: PersonId | None, policy: str, action: str | None
) -> None:
    found = differences(known(**of), seen(MEMBER))
    assert found == [Difference(kind, CHAT, person, ACCOUNT, MEMBER, OUT, policy, action)]


def test_whom_a_call_on_its_way_adds_is_no_stranger() -> None:
    room = known(flying=[ACCOUNT])
    assert (differences(room, seen(MEMBER)), list(to_read_back(room, seen(MEMBER)))) == ([], [])


@pytest.mark.parametrize(
    ("of", "asked"),
    [
        ({}, True),
        ({"decisions": {ACCOUNT: Decision(ASK)}}, False),
        ({"decisions": {ACCOUNT: Decision(ADOPT)}}, False),
        ({"decisions": {ACCOUNT: Decision(ADOPT)}, "holders": {ACCOUNT: ANNA}}, False),
        ({"decisions": {ACCOUNT: Decision(ASK)}, "holders": {ACCOUNT: ANNA}}, True),
        ({"decisions": {ACCOUNT: Decision(ASK)}, "policies": Policies(strangers=REVERT)}, True),
        ({"decisions": {ACCOUNT: Decision(REVERT, refused=True)}}, False),
        ({"decisions": {ACCOUNT: Decision(REVERT, refused=True)}, "holders": {ACCOUNT: ANNA}}, True),
    ],
)
def test_a_stranger_is_decided_on_once_until_they_are_known_or_the_policy_is_another(of: Of, *, asked: bool) -> None:
    expected = [ToReadBack(ACCOUNT, NO_PERSON, SEEN)] if asked else []
    assert list(to_read_back(known(**of), seen(MEMBER))) == expected


@pytest.mark.parametrize(
    ("decision", "places", "asked"),
    [(ASK, (), True), (REVERT, (), True), (ADOPT, (), False), (ASK, (place(OUT, OUT),), False)],
)
def test_a_stranger_who_is_gone_is_read_back_save_whom_the_school_adopted(
    decision: str, places: Sequence[RoomPlace], *, asked: bool
) -> None:
    found = list(to_read_back(known(*places, decisions={ACCOUNT: Decision(decision)}), seen(OUT)))
    assert found == ([ToReadBack(ACCOUNT, NO_PERSON, LISTED)] if asked else [])


# what is read back of those who have places


@pytest.mark.parametrize(
    ("wanted", "observed", "role", "hears", "why", "in_s"),
    [
        (MEMBER, MEMBER, OUT, True, ABSENT, UPDATE_COMES_WITHIN_S),
        (MEMBER, MEMBER, OUT, False, ABSENT, 0.0),
        (OUT, MEMBER, OUT, True, LISTED, 0.0),
        (OUT, OUT, MEMBER, True, LISTED, 0.0),
        (MEMBER, MEMBER, ADMIN, True, LISTED, 0.0),
    ],
)
def test_who_is_lost_is_read_back_when_no_update_came(
    wanted: str, observed: str, role: str, *, hears: bool, why: str, in_s: float
) -> None:
    found = list(to_read_back(known(place(wanted, observed), hears=hears), seen(role)))
    assert found == [ToReadBack(ACCOUNT, ANNA, why, in_s)]


@pytest.mark.parametrize(
    ("places", "role", "out"),
    [
        ([place(OUT, OUT)], OUT, True),
        ([place(OUT, OUT), place(OUT, OUT, BORIS)], OUT, True),
        ([place(OUT, OUT)], MEMBER, False),
        ([place(MEMBER, MEMBER)], OUT, False),
        ([place(OUT, UNKNOWN)], OUT, False),
        ([place(MEMBER, OUT)], OUT, False),
        ([place(OUT, OUT), place(MEMBER, OUT, BORIS)], OUT, False),
    ],
)
def test_wholly_out_is_who_is_out_by_all_their_places(places: Sequence[RoomPlace], role: str, *, out: bool) -> None:
    assert wholly_out(known(*places), seen(role)) == ([ACCOUNT] if out else [])


# the room itself


@pytest.mark.parametrize(
    ("of", "title", "action"),
    [
        ({}, "Наш класс", "rename_chat"),
        ({"policies": Policies(titles=KEEP)}, "Наш класс", None),
    ],
)
def test_a_title_that_people_gave_is_named(of: Of, title: str, action: str | None) -> None:
    policy = KEEP if action is None else REVERT
    assert differences(known(**of), seen(title=title)) == [
        Difference(TITLE, CHAT, None, None, title, "5 А", policy, action)
    ]


@pytest.mark.parametrize(
    ("of", "title"),
    [
        ({"observed_life": ARCHIVED}, "Наш класс"),
        ({"observed_title": "4 А"}, "4 А"),  # the new one is in the outbox
        ({"observed_title": "4 А"}, "5 А"),
    ],
)
def test_a_title_of_ours_or_of_an_archived_chat_is_not(of: Of, title: str) -> None:
    assert differences(known(**of), seen(title=title)) == []


@pytest.mark.parametrize(
    ("of", "chat", "asked"),
    [
        ({}, {}, False),
        ({}, {"title": "Наш класс"}, True),
        ({}, {"archived": True}, True),
        ({}, {"marked": True}, False),
        ({"observed_life": ARCHIVED}, {"marked": True}, False),
        ({"observed_life": ARCHIVED}, {"archived": True}, False),
        ({"observed_life": ARCHIVED}, {}, True),
        ({}, {"lacks": ("pin_message",)}, True),
        ({"lacks": "pin_message"}, {"lacks": ("pin_message",)}, False),
        ({"lacks": "pin_message"}, {}, True),
        ({"observed_life": NEEDS_PERSON}, {}, True),
        ({"observed_life": NEEDS_PERSON, "lacks": "pin_message"}, {"lacks": ("pin_message",)}, False),
    ],
)
def test_a_room_is_read_back_where_its_title_its_life_or_our_rights_differ(of: Of, chat: Of, *, asked: bool) -> None:
    expected = [ToReadBack(ITSELF, NO_PERSON, LISTED)] if asked else []
    assert list(to_read_back(known(**of), seen(**chat))) == expected
