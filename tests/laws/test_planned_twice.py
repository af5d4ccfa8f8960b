"""L1 in small: a plan carried out leaves nothing to plan, whatever stood before; pure, on whole random schools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sync import chats
from sync.accounts import Account, AccountAssertion
from sync.affected import persons_named
from sync.ids import AccountId, ChatId, ClassId, EventNo, HoldNo, OrganisationId, PersonId, RoomNo
from sync.places import ADMIN, ARCHIVED, IN, MEMBER, NOBODY, NONE, OPEN, OUT, KeptReason, Place, Room
from sync.plan import Plan
from sync.plan.making import Policy, changes_of_persons, desired_of_persons, plan_of
from sync.plan.rooms import rooms_to_open
from sync.planning_scope import Cause, PlanningScope
from sync.roster import Roster
from sync.roster.facts import Facts
from sync.versions import Version
from tests.laws.roads import FIRST_DAY, MORNING, assertions_of, full_histories

SCHOOL = "school-1"
LINK = Version("sis", None, MORNING, "linked")


def linked(person: str, account: str, *, held: bool) -> Account:
    return Account(AccountId(account), held, AccountAssertion(PersonId(person), "max", AccountId(account), LINK))


@st.composite
def scopes(draw: st.DrawFn) -> PlanningScope:
    """A whole school in which anything may stand in any room; some chats have a room on another platform, too."""
    assertions = assertions_of(draw(full_histories()))
    persons = sorted({person for assertion in assertions for person in persons_named(assertion)})
    roster = Roster(OrganisationId(SCHOOL), FIRST_DAY + timedelta(days=draw(st.integers(0, 5))), Facts(assertions))
    ids = {chat_id for chat_id in roster.open_chats() if draw(st.booleans())}
    ids |= {chats.class_chat(ClassId("5a")), ChatId("club")}
    rooms = {RoomNo(number): draw(_rooms(number, chat_id)) for number, chat_id in enumerate(sorted(ids), 1)}
    former = [draw(_former(room)) for room in rooms.values() if draw(st.booleans())]
    rooms |= {room.room_no: room for room in former}
    accounts, others = (
        {
            person: linked(person, str(number), held=draw(st.booleans()))
            for number, person in enumerate(persons, 1)
            if draw(st.booleans())
        }
        for _ in range(2)
    )
    places = {person: draw(_places(person, sorted(rooms), accounts)) for person in persons}
    causes = {person: Cause(EventNo(9), by_event=draw(st.booleans())) for person in persons}
    scope = PlanningScope(OrganisationId(SCHOOL), roster, causes, set(ids), accounts, places, platform="max")
    scope.other_accounts = {"vk": others}
    with_rooms(scope, rooms)
    scope.leaving |= {
        room.room_no: present.room_no
        for room in former
        if scope.moving(room) and (present := scope.present_room(room.chat_id)) and draw(st.booleans())
    }
    return scope


def with_rooms(scope: PlanningScope, rooms: Mapping[RoomNo, Room]) -> PlanningScope:
    for room in rooms.values():
        scope.add_room(room)
    return scope


@st.composite
def _rooms(draw: st.DrawFn, number: int, chat_id: ChatId) -> Room:
    wanted, observed = draw(st.sampled_from((OPEN, ARCHIVED))), draw(st.sampled_from((NONE, OPEN, ARCHIVED)))
    return Room(
        RoomNo(number),
        OrganisationId(SCHOOL),
        chat_id,
        2,
        "title",
        wanted,
        observed,
        None if observed == NONE else "-1",
        platform="max",
        takes_over=draw(st.booleans()),
        left_for=draw(st.sampled_from((None, RoomNo(number + FORMER)))),
    )


FORMER = 100  # rooms on the platform that was left are numbered from here


@st.composite
def _former(draw: st.DrawFn, room: Room) -> Room:
    """A room of the same chat on another platform, still to be left, or left."""
    left_for = draw(st.sampled_from((None, room.room_no)))
    wanted = draw(st.sampled_from((OPEN, ARCHIVED))) if left_for else OPEN
    number, life = RoomNo(room.room_no + FORMER), draw(st.sampled_from((1, 3)))
    observed = draw(st.sampled_from((OPEN, ARCHIVED)))
    here = replace(room, room_no=number, life=life, wanted_life=wanted, observed_life=observed, external_chat_id="-2")
    return replace(here, platform="vk", left_for=left_for)


# What can be wanted of a place: whether somebody is desired there, and whether that has a hold, rejected or not
WISHES = (
    (OUT, False, False, False),
    (MEMBER, True, False, False),
    (ADMIN, True, False, False),
    (OUT, False, True, False),
    (MEMBER, False, True, True),
    (OUT, True, True, False),
    (OUT, True, True, True),
)
WISHES_OF_WHO_WAITS = [wish for wish in WISHES if wish[1]]


@st.composite
def _places(draw: st.DrawFn, person: str, rooms: Sequence[int], accounts: Mapping[PersonId, Account]) -> list[Place]:
    known = ("", "99", *(accounts[PersonId(person)].external_user_id for _ in range(2) if person in accounts))
    found = {}
    for room_no in draw(st.lists(st.sampled_from(rooms), max_size=3)):
        account = draw(st.sampled_from(known))
        wanted, desired, on_hold, rejected = draw(st.sampled_from(WISHES if account else WISHES_OF_WHO_WAITS))
        found[room_no, account] = Place(
            OrganisationId(SCHOOL),
            PersonId(person),
            RoomNo(room_no),
            AccountId(account),
            wanted,
            (KeptReason("studies_in", MEMBER, EventNo(1), MORNING),) if desired else (),
            EventNo(1),
            MORNING,
            hold_no=HoldNo(7) if on_hold else None,
            rejected=rejected,
            observed=draw(st.sampled_from((OUT, MEMBER, ADMIN))) if account else OUT,
            left_at=draw(st.sampled_from((None, None, MORNING + timedelta(hours=1)))) if account else None,
        )
    return list(found.values())


def made(scope: PlanningScope, policy: Policy, hours: int) -> Plan:
    """The plan some hours later; rooms that it needs are opened."""
    desired = desired_of_persons(scope, scope.causes)
    for number, room in enumerate(rooms_to_open(scope, desired, policy.titles), 1 + max(scope.rooms)):
        scope.add_room(replace(room, room_no=RoomNo(number)))
    at = MORNING + timedelta(hours=hours)
    return plan_of(scope, changes_of_persons(scope, scope.causes, desired, policy, at), policy.titles)


def carried_out(scope: PlanningScope, plan_: Plan) -> PlanningScope:
    """The scope as it is loaded after the plan was written."""
    stand = {(p.person_id, p.room_no, p.account): p for places in scope.places.values() for p in places}
    for change in plan_.places:
        key = change.place.person_id, change.place.room_no, change.place.account
        stand.pop(key, None)
        if change.after is not None:
            stand[key] = change.after
    places: dict[str, list[Place]] = {}
    for place in stand.values():
        places.setdefault(place.person_id, []).append(place)
    rooms = scope.rooms | {change.after.room_no: change.after for change in plan_.rooms}
    return with_rooms(replace_scope(scope, places=places), rooms)


def replace_scope(scope: PlanningScope, **changes: Any) -> PlanningScope:
    names = ("organisation_id", "roster", "causes", "chat_ids", "accounts", "places", "platform", "other_accounts")
    return PlanningScope(**{name: getattr(scope, name) for name in names} | changes)


@given(scopes(), st.booleans())
def test_a_plan_carried_out_leaves_nothing_to_plan(scope: PlanningScope, keep: bool) -> None:
    policy = Policy(keep_on_unlink=keep)
    once = carried_out(scope, made(scope, policy, 2))
    again = made(once, policy, 3)
    assert again.empty, again


@given(scopes())
def test_after_a_plan_each_account_is_wanted_where_its_person_is_desired_or_says_why_not(scope: PlanningScope) -> None:
    once = carried_out(scope, made(scope, Policy(), 2))
    desired = desired_of_persons(once, once.causes)
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
        accounts = once.accounts.get(person)
        account = None if accounts is None or accounts.held_by_another else accounts
        standing = {(p.room_no, p.account): p for p in once.places.get(person, ())}
        for chat_id in memberships:
            present_room = once.present_room(chat_id)
            assert present_room is not None
            assert standing[RoomNo(present_room.room_no), account.external_user_id if account else NOBODY].reasons
