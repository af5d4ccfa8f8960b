"""L1 in small: a plan carried out leaves nothing to plan, whatever stood before; pure, on whole random schools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sync import chats
from sync.accounts import Account, AccountWord
from sync.places import ADMIN, ARCHIVED, IN, MEMBER, NONE, OPEN, OUT, KeptReason, Place, Room
from sync.plan import Plan, Policy, desired_of_slice, plan, rooms_to_open
from sync.roster import Facts, Roster
from sync.slices import Cause, Slice
from sync.touched import persons_named
from sync.versions import Version
from tests.laws.roads import FIRST_DAY, MORNING, full_histories, words_of

SCHOOL = "school-1"
LINK = Version("sis", None, MORNING, "linked")


def linked(person: str, account: str, *, held: bool) -> Account:
    return Account(account, held, AccountWord(person, "max", account, LINK))


@st.composite
def slices(draw: st.DrawFn) -> Slice:
    """A whole school in which anything may stand in any room."""
    words = words_of(draw(full_histories()))
    persons = sorted({person for word in words for person in persons_named(word)})
    roster = Roster(SCHOOL, FIRST_DAY + timedelta(days=draw(st.integers(0, 5))), Facts(words))
    ids = {chat_id for chat_id in roster.open_chats() if draw(st.booleans())} | {chats.class_chat("5a"), "club"}
    rooms = {number: draw(_rooms(number, chat_id)) for number, chat_id in enumerate(sorted(ids), 1)}
    accounts = {
        person: linked(person, str(number), held=draw(st.booleans()))
        for number, person in enumerate(persons, 1)
        if draw(st.booleans())
    }
    places = {person: draw(_places(person, sorted(rooms), accounts)) for person in persons}
    causes = {person: Cause(9, by_event=draw(st.booleans())) for person in persons}
    return Slice(SCHOOL, roster, causes, set(ids), accounts, rooms, places)


@st.composite
def _rooms(draw: st.DrawFn, number: int, chat_id: str) -> Room:
    wanted, observed = draw(st.sampled_from((OPEN, ARCHIVED))), draw(st.sampled_from((NONE, OPEN, ARCHIVED)))
    return Room(number, SCHOOL, chat_id, 1, "title", wanted, observed, None if observed == NONE else "-1")


@st.composite
def _places(draw: st.DrawFn, person: str, rooms: Sequence[int], accounts: Mapping[str, Account]) -> list[Place]:
    known = ("", "99", *(accounts[person].external_user_id for _ in range(2) if person in accounts))
    found = {}
    for room_no in draw(st.lists(st.sampled_from(rooms), max_size=3)):
        account = draw(st.sampled_from(known))
        wanted = draw(st.sampled_from((OUT, MEMBER, ADMIN)))
        found[room_no, account] = Place(
            SCHOOL,
            person,
            room_no,
            account,
            wanted,
            (KeptReason("studies_in", MEMBER, 1, MORNING),) if wanted in IN else (),
            1,
            MORNING,
            hold_no=draw(st.sampled_from((None, None, 7))),
            observed=draw(st.sampled_from((OUT, MEMBER, ADMIN))) if account else OUT,
            left_at=draw(st.sampled_from((None, None, MORNING + timedelta(hours=1)))) if account else None,
        )
    return list(found.values())


def made(slice_: Slice, policy: Policy, hours: int) -> Plan:
    """The plan some hours later; rooms that it needs are opened."""
    desired = desired_of_slice(slice_)
    for number, room in enumerate(rooms_to_open(slice_, desired, policy.titles), 1 + max(slice_.rooms)):
        slice_.open_room(replace(room, room_no=number))
    return plan(slice_, desired, policy, MORNING + timedelta(hours=hours))


def carried_out(slice_: Slice, plan_: Plan) -> Slice:
    """The slice as it is loaded after the plan was written."""
    stand = {(p.person_id, p.room_no, p.account): p for places in slice_.places.values() for p in places}
    for change in plan_.places:
        key = change.place.person_id, change.place.room_no, change.place.account
        stand.pop(key, None)
        if change.after is not None:
            stand[key] = change.after
    places: dict[str, list[Place]] = {}
    for place in stand.values():
        places.setdefault(place.person_id, []).append(place)
    rooms = slice_.rooms | {change.after.room_no: change.after for change in plan_.rooms}
    return replace_slice(slice_, rooms=rooms, places=places)


def replace_slice(slice_: Slice, **changes: Any) -> Slice:
    names = ("organisation_id", "roster", "causes", "chat_ids", "accounts", "rooms", "places")
    return Slice(**{name: getattr(slice_, name) for name in names} | changes)


@given(slices(), st.booleans())
def test_a_plan_carried_out_leaves_nothing_to_plan(slice_: Slice, keep: bool) -> None:
    policy = Policy(keep_on_unlink=keep)
    once = carried_out(slice_, made(slice_, policy, 2))
    again = made(once, policy, 3)
    assert again.empty, again


@given(slices())
def test_after_a_plan_each_account_is_wanted_where_its_person_is_desired_or_says_why_not(slice_: Slice) -> None:
    once = carried_out(slice_, made(slice_, Policy(), 2))
    desired = desired_of_slice(once)
    for person, places in once.places.items():
        for place in places:
            room = once.rooms[place.room_no]
            present = once.present_room(room.chat_id) is room
            membership = desired[person].get(room.chat_id) if present else None
            if place.wanted in IN and not place.rejected and present and membership is not None:
                assert place.wanted == membership.role
            if place.wanted in IN and not place.rejected:
                assert place.reasons
    for person, memberships in desired.items():
        account = once.account(person)
        standing = {(p.room_no, p.account): p for p in once.places.get(person, ())}
        for chat_id in memberships:
            room = once.present_room(chat_id)
            assert room is not None
            assert standing[room.room_no, account.external_user_id if account else ""].reasons
