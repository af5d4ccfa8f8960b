"""L5 in small: one room, a few accounts, and a platform that answers anything for a while; pure, no store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sync.acts.act import AnyAct
from sync.acts.effects import Effects, Observation
from sync.acts.next_act import next_act
from sync.errors import Failure, PlatformError
from sync.ids import AccountId, ChatId, OrganisationId, PersonId, RoomNo
from sync.places import ADMIN, ARCHIVED, GONE, IN, MEMBER, NEEDS_PERSON, NONE, OPEN, OUT, UNKNOWN
from sync.platform import Capabilities, ChatSeen, Refusal
from sync.room import RoomPlace, RoomWork

CAN = Capabilities(makes_chats=True, archives_chats=True, add_at_once=2, admins_at_once=2, read_at_once=2)
STEPS = 200  # far more than any room of these sizes takes

ACCOUNTS = ("1001", "1002", "1003", "1004")
FATES = ("done", "done", "lost before", "lost after", "partly", *(failure.value for failure in Failure))
ORDER = (OUT, MEMBER, ADMIN)  # of roles: the higher later

places = st.builds(
    RoomPlace,
    person_id=st.sampled_from(("anna", "boris", "vera")),
    account=st.sampled_from(ACCOUNTS),
    wanted=st.sampled_from((OUT, MEMBER, ADMIN)),
    observed=st.sampled_from((OUT, MEMBER, ADMIN, UNKNOWN)),
    leaving=st.booleans(),
    held=st.just(False),
    came_back=st.just(False),
)


@dataclass
class SmallWorld:
    """One chat that may not be there yet. `fates` are dealt to the calls as they come; then all goes well.

    `expelled` says of each call whether those it speaks of are wanted out by the time it is answered.
    """

    fates: list[str]
    expelled: list[bool] = field(default_factory=list)
    members: dict[str, str] = field(default_factory=dict)
    there: bool = False
    archived: bool = False
    title: str = ""

    def call(self, act: AnyAct, room: RoomWork) -> object:
        fate = self.fates.pop(0) if self.fates else "done"
        if fate in {failure.value for failure in Failure}:
            raise PlatformError(Failure(fate), "told")
        if fate == "lost before":
            raise PlatformError(Failure.UNCONFIRMED, "lost")
        partly = fate == "partly" and act.name == "add"
        answer = self._partly(act, room) if partly else self._do(act, room)
        if fate == "lost after":
            raise PlatformError(Failure.UNCONFIRMED, "lost")
        return answer

    def _partly(self, act: AnyAct, room: RoomWork) -> Mapping[str, Refusal]:
        first, *others = act.accounts
        self._do(replace(act, accounts=tuple(others)), room)
        return {first: Refusal("privacy", for_good=len(others) == 0)}

    def _do(self, act: AnyAct, room: RoomWork) -> object:
        match act.name:
            case "create":
                self.there, self.title = True, self.title or room.wanted_title
                return "-1"
            case "look":
                return ChatSeen(self.title, self.archived)
            case "rename":
                self.title = room.wanted_title
            case "archive":
                self.archived = True
            case "read":
                return {account: self.members[account] for account in act.accounts if account in self.members}
            case "add":
                self.members |= {account: MEMBER for account in act.accounts if account not in self.members}
                return {}
            case "grant":
                self.members |= dict.fromkeys(act.accounts, ADMIN)
            case "revoke":
                self.members[act.accounts[0]] = MEMBER
            case "remove":
                self.members.pop(act.accounts[0], None)
        return None


def written(room: RoomWork, effects: Effects) -> RoomWork:
    """The room as a store would have it after a completion."""
    stand = tuple(_seen(place, effects.observed.get(place.account)) for place in room.places)
    columns: dict[str, Any] = dict(effects.room)
    return replace(room, places=stand, **columns)


def _seen(place: RoomPlace, seen: Observation | None) -> RoomPlace:
    return place if seen is None else place._replace(observed=seen.observed, refused_for=seen.refused_for)


def _wanted_out(place: RoomPlace, act: AnyAct) -> RoomPlace:
    return place._replace(wanted=OUT) if place.account in act.accounts else place


def settled(room: RoomWork, world: SmallWorld) -> RoomWork:
    """Leases of a few calls each, until there is nothing more to do."""
    for _ in range(STEPS):
        act = next_act(room, CAN)
        if act is None:
            return room
        try:
            effects = act.confirmed(room, world.call(act, room))
        except PlatformError as error:
            effects = act.failed(room, error)
        if world.expelled and world.expelled.pop(0):
            room = replace(room, places=tuple(_wanted_out(place, act) for place in room.places))
        room = written(room, effects)
    raise AssertionError("the room does not come to rest")


@st.composite
def rooms(draw: st.DrawFn) -> tuple[RoomWork, SmallWorld]:
    """A room and its world, which agree wherever the room believes to know."""
    stand = {(place.person_id, place.account): place for place in draw(st.lists(places, max_size=6))}
    there = draw(st.booleans())
    seen = {account: draw(st.sampled_from((OUT, MEMBER, ADMIN))) if there else OUT for account in ACCOUNTS}
    known = tuple(
        place._replace(observed=place.observed if there and place.observed == UNKNOWN else seen[place.account])
        for place in stand.values()
    )
    strangers = {account for account, role in seen.items() if role != OUT} - {place.account for place in known}
    world = SmallWorld(
        draw(st.lists(st.sampled_from(FATES), max_size=8)),
        draw(st.lists(st.booleans(), max_size=8)),
        {account: role for account, role in seen.items() if role != OUT and account not in strangers},
        there,
        title="old" if there else "",
    )
    room = RoomWork(
        room_no=RoomNo(1),
        organisation_id=OrganisationId("school"),
        chat_id=ChatId("class:5a"),
        life=1,
        nonce="nonce",
        wanted_title="new",
        observed_title="old" if there else None,
        wanted_life=draw(st.sampled_from((OPEN, OPEN, ARCHIVED))),
        observed_life=OPEN if there else NONE,
        external_chat_id="-1" if there else None,
        platform_token="max",
        lease_no=1,
        grade=1,
        attempts=0,
        places=known,
        read_backs={},
    )
    return room, world


@given(rooms())
def test_whatever_is_answered_a_room_comes_to_rest_as_wanted_or_in_a_named_state(
    drawn: tuple[RoomWork, SmallWorld],
) -> None:
    room, world = drawn
    room = settled(room, world)
    if room.observed_life in {GONE, NEEDS_PERSON}:
        return
    for account in {place.account for place in room.places}:
        of_account = [place for place in room.places if place.account == account]
        there = world.members.get(account, OUT)
        wanted = max((place.wanted for place in of_account), key=ORDER.index)
        refused = any(place.refused_for == wanted for place in of_account)
        assert {place.observed for place in of_account} <= {there, UNKNOWN}
        if room.wanted_life == OPEN or wanted == OUT:
            assert wanted == there or refused
    if room.wanted_life == ARCHIVED and world.there:
        assert world.archived
    if room.observed_life == OPEN:
        assert world.title == "new"


@given(rooms())
def test_a_room_as_wanted_is_left_alone(drawn: tuple[RoomWork, SmallWorld]) -> None:
    room, world = drawn
    world.fates.clear()
    room = settled(room, world)
    assert next_act(room, CAN) is None
    members = dict(world.members)
    assert settled(room, world) == room
    assert world.members == members


@given(rooms(), st.sampled_from(sorted(IN)))
def test_a_held_removal_is_skipped_whatever_else_is_done(drawn: tuple[RoomWork, SmallWorld], role: str) -> None:
    room, world = drawn
    held = RoomPlace(PersonId("galina"), AccountId("1009"), OUT, role, held=True)
    world.members["1009"] = role
    world.there, world.fates = True, []
    room = replace(room, observed_life=OPEN, external_chat_id="-1", places=(*room.places, held))
    settled(room, world)
    assert world.members["1009"] == role
