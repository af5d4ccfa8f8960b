"""What is left to be done, counted room by room."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from sync.acts.looks import Look
from sync.acts.next_act import next_act
from sync.ids import ChatId, OrganisationId, RoomNo
from sync.outbox import Load, counts, room_differs
from sync.places import ARCHIVED, NONE, OPEN, UNKNOWN
from sync.room import RoomWork
from tests.doubles.platform import PARTNER

EMPTY = RoomWork(
    room_no=RoomNo(1),
    organisation_id=OrganisationId("school"),
    chat_id=ChatId("class:5a"),
    life=1,
    nonce="nonce",
    wanted_title="5 А класс",
    observed_title=None,
    wanted_life=OPEN,
    observed_life=NONE,
    external_chat_id=None,
    platform_token="max",
    lease_no=1,
    grade=1,
    attempts=0,
    places=(),
    read_backs={},
)
LIVES = [(NONE, None), (UNKNOWN, None), (OPEN, "-100"), (ARCHIVED, "-100")]
TITLES = (None, "5 А класс", "5 А", "другое")  # the platform may cut the second to the third


@pytest.mark.parametrize(
    ("seen", "wanted_life", "title", "archives", "length"),
    list(product(LIVES, (OPEN, ARCHIVED), TITLES, (True, False), (200, 3))),
)
def test_a_room_without_people_differs_as_long_as_settling_has_a_step_for_it(
    seen: tuple[str, str | None], wanted_life: str, title: str | None, archives: bool, length: int
) -> None:
    life, external = seen
    can = replace(PARTNER, archives_chats=archives, title_length=length)
    room = replace(EMPTY, wanted_life=wanted_life, observed_life=life, external_chat_id=external, observed_title=title)
    if (wanted_life, life) == (OPEN, ARCHIVED):  # somebody else archived it: it is looked at, and not on its way
        assert isinstance(next_act(room, can), Look)
        return
    assert room_differs(wanted_life, life, room.wanted_title, title, can) == (next_act(room, can) is not None)


@pytest.mark.parametrize(
    ("load", "counted"),
    [
        (Load(persons=3, joining=2), {"pending": 3}),
        (Load(persons=3, joining=2, differs=True), {"pending": 4}),
        (Load(persons=3, later=True), {"retrying": 3}),
        (Load(persons=3, joining=2, differs=True, stuck=True), {"waiting": 2}),
        (Load(persons=3, flying={"anna"}, differing={"anna", "boris"}, differs=True), {"in_flight": 1, "pending": 2}),
        (Load(persons=3, flying=(), differs=True), {"in_flight": 1, "pending": 3}),
    ],
)
def test_a_rooms_persons_are_in_one_count_each(load: Load, counted: dict[str, int]) -> None:
    assert counts(load) == counted
