"""Every state of a room and of a place in it has a next step, a named wait, or is settled: all of them are walked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

import pytest

from sync.acts.act import AnyAct
from sync.acts.chats import CreateChat
from sync.acts.effects import Effects
from sync.acts.next_act import next_act
from sync.acts.stored import BY_NAME, orphaned
from sync.ids import NO_PERSON, AccountId, ChatId, OrganisationId, PersonId, RoomNo
from sync.places import ADMIN, ARCHIVED, GONE, MEMBER, NEEDS_PERSON, NONE, OPEN, OUT, TO_ADOPT, UNKNOWN
from sync.platform import Capabilities, ChatSeen
from sync.room import AGAIN, ITSELF, Call, RoomPlace, RoomWork
from sync.successor import Successor

STEPS = 12  # more than any room with one account takes
ANNA, TITLE = AccountId("1001"), "5 А"
LIVES = (NONE, OPEN, ARCHIVED, UNKNOWN, GONE, NEEDS_PERSON, TO_ADOPT)


@dataclass
class Chat:
    """A platform that does what it is asked, of one account at most. There is a chat where the room knows of one."""

    there: bool
    title: str
    archived: bool = False
    member: str = OUT
    told: int = 0
    acts: list[AnyAct] = field(default_factory=list)

    def do(self, act: AnyAct, room: RoomWork) -> Any:
        self.acts.append(act)
        assert self.there == (room.external_chat_id is not None)
        match act.name:
            case "create":
                self.there, self.title = True, TITLE
                return "-1"
            case "look":
                return ChatSeen(self.title, self.archived)
            case "rename":
                self.title = TITLE
            case "archive":
                self.archived = True
            case "tell":
                self.told += 1
                return "ok"
            case "read" | "list":
                return {} if self.member == OUT else {ANNA: self.member}
            case "add":
                self.member = MEMBER
                return {}
            case _:
                self.member = {"grant": ADMIN, "revoke": MEMBER, "remove": OUT}[act.name]
        return None


def capabilities() -> Iterator[Capabilities]:
    for makes, archives, writes in product((True, False), repeat=3):
        yield Capabilities(makes, archives, add_at_once=2, admins_at_once=2, read_at_once=2, writes=writes)


def states() -> Iterator[RoomWork]:
    titles = (TITLE, "old", None)
    moves: tuple[dict[str, Any], ...] = (
        {},
        {"takes_over": True},
        {"successor": Successor(RoomNo(2), TITLE, "vk", "https://vk.me/join/2")},
    )
    anna = PersonId("anna")
    asked: tuple[dict[AccountId, tuple[PersonId, str]], ...] = (
        {},
        {ANNA: (anna, "left")},
        {ANNA: (anna, AGAIN)},
        {ITSELF: (NO_PERSON, "chat")},
    )
    for wanted_life, life, chat, title, read_backs in product((OPEN, ARCHIVED), LIVES, ("-1", None), titles, asked):
        for place, move in product(places(), moves):
            yield RoomWork(
                room_no=RoomNo(1),
                organisation_id=OrganisationId("school"),
                chat_id=ChatId("class:5a"),
                life=1,
                nonce="nonce",
                wanted_title=TITLE,
                observed_title=title,
                wanted_life=wanted_life,
                observed_life=life,
                external_chat_id=chat,
                platform_token="max",
                lease_no=1,
                grade=1,
                attempts=0,
                places=(place,),
                read_backs=read_backs,
                **move,
            )


def places() -> Iterator[RoomPlace]:
    for wanted, observed, refused, held in product(
        (OUT, MEMBER, ADMIN), (OUT, MEMBER, ADMIN, UNKNOWN), (True, False), (True, False)
    ):
        if not held or wanted == OUT:
            yield RoomPlace(
                PersonId("anna"), AccountId(ANNA), wanted, observed, held=held, refused_for=wanted if refused else None
            )


def chat_of(room: RoomWork) -> Chat:
    """The platform as the room believes it to be, and somewhere else where it does not know."""
    [place] = room.places
    there = room.external_chat_id is not None
    member = place.observed if there and place.observed != UNKNOWN else OUT
    archived = room.observed_life in {ARCHIVED, UNKNOWN, TO_ADOPT}
    return Chat(there, room.observed_title or "another", archived, member)


def written(room: RoomWork, effects: Effects) -> RoomWork:
    """The room as the store has it after a completion: its places stay."""
    [place] = room.places
    seen = effects.observed.get(place.account)
    if seen is not None:
        place = place._replace(observed=seen.observed, refused_for=seen.refused_for)
    read_backs = {account: of for account, of in room.read_backs.items() if account not in effects.settled}
    read_backs |= {ask.account: (ask.person_id, ask.why) for ask in effects.asks if ask.in_s == 0}
    values: dict[str, Any] = dict(effects.room)
    if values.pop("told_for", None) is not None:
        values["successor"] = None
    return replace(room, places=(place,), read_backs=read_backs, **values)


def at_rest(room: RoomWork, can: Capabilities, chat: Chat) -> RoomWork:
    for _ in range(STEPS):
        act = next_act(room, can)
        if act is None:
            return room
        room = written(room, act.confirmed(room, chat.do(act, room)))
    raise AssertionError(f"it does not come to rest: {[act.name for act in chat.acts]}")


def named(room: RoomWork, can: Capabilities) -> str | None:
    """What the room waits for at rest; None where nothing can be named."""
    [place] = room.places
    if room.observed_life == GONE:
        return "gone"
    if room.external_chat_id is None:
        return _without_chat(room, place, can)
    if room.observed_life not in {OPEN, ARCHIVED} or room.read_backs or (place.observed == UNKNOWN and not place.held):
        return None
    if room.wanted_life == OPEN and (room.observed_life != OPEN or room.observed_title != TITLE):
        return None
    if room.wanted_life == ARCHIVED and room.observed_life != ARCHIVED and can.archives_chats:
        return None
    return _of_place(place, is_open=room.observed_life == OPEN)


def _without_chat(room: RoomWork, place: RoomPlace, can: Capabilities) -> str | None:
    if not can.makes_chats:
        return "to_adopt"
    joins = place.wanted != OUT and place.refused_for != place.wanted and room.wanted_life == OPEN
    doubted = room.observed_life == UNKNOWN or (place.observed == UNKNOWN and not place.held)
    return None if joins or doubted else "nobody joins"


def _of_place(place: RoomPlace, *, is_open: bool) -> str | None:
    if place.wanted == place.observed:
        return "settled"
    if place.held:
        return "held"
    if place.refused_for == place.wanted:
        return "refused"
    return None if is_open or place.wanted == OUT else "archived"


def test_every_state_comes_to_rest_as_wanted_or_in_a_named_wait() -> None:
    for can in capabilities():
        for room in states():
            chat = chat_of(room)
            rested = at_rest(room, can, chat)
            assert named(rested, can) is not None, (can, room, rested)
            assert chat.told <= 1
            assert not (rested.is_open and can.writes and rested.successor), "its people are not told"


@pytest.mark.parametrize("assertion", sorted(BY_NAME))
def test_a_call_that_was_on_its_way_when_its_lease_died_leaves_a_next_step(assertion: str) -> None:
    """Whether or not somebody has made the chat since."""
    can = next(capabilities())
    persons = {} if assertion in {"create", "rename", "archive"} else {ANNA: PersonId("anna")}
    for room in states():
        if room.observed_life not in {OPEN, UNKNOWN, NONE} or room.read_backs:
            continue
        orphan = written(room, orphaned(room, Call(assertion, persons), 25.0))
        assert named(at_rest(orphan, can, chat_of(orphan)), can) is not None


def test_h32_a_creation_that_is_told_of_late_leaves_a_look_at_the_chat_that_is_there() -> None:
    for room in states():
        if room.external_chat_id is not None and room.observed_life == OPEN and not room.read_backs:
            late = written(room, CreateChat().doubted(room))
            assert (late.observed_life, late.read_backs) == (OPEN, {ITSELF: ("", "in doubt")})
