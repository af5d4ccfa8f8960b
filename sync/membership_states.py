"""How a person stands in a chat, in one word: the states of a membership, read off its places. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sync.ids import NO_EVENT, AccountId, EventNo, HoldNo, PersonId
from sync.places import (
    ADMIN,
    ARCHIVED,
    GONE,
    IN,
    MEMBER,
    NEEDS_PERSON,
    NOBODY,
    NONE,
    OPEN,
    OUT,
    TO_ADOPT,
    UNKNOWN,
    KeptReason,
    Room,
)

WAITING, PENDING, APPLIED, REFUSED, LEFT, HELD, REJECTED = (
    "waiting", "pending", "applied", "refused", "left", "held", "rejected",
)  # fmt: skip

EXCLUDED = "excluded"  # of who is kept out, and stands nowhere

CREATING = "creating"

FOR_ACCOUNT, FOR_HELD_ACCOUNT, FOR_CHAT = "account", "account_held_by_another_person", "chat"


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place as readers see it: what is wanted, observed and known of why not."""

    person_id: PersonId
    account: AccountId
    wanted: str
    observed: str
    reasons: tuple[KeptReason, ...] = ()
    hold_no: HoldNo | None = None
    rejected: bool = False
    refused_code: str | None = None
    refused_for: str | None = None
    cause_no: EventNo = NO_EVENT

    @property
    def linked(self) -> bool:
        return self.account != NOBODY

    @property
    def desired(self) -> bool:
        return bool(self.reasons)

    @property
    def on_hold(self) -> bool:
        return self.hold_no is not None

    @property
    def role(self) -> str | None:
        """The highest role of the reasons; None without any."""
        if not self.reasons:
            return None
        return ADMIN if any(kept.role == ADMIN for kept in self.reasons) else MEMBER

    # Which count it is in: of these three it is one at most

    @property
    def differs(self) -> bool:
        """Whether settling has something to do with it: the outbox. What is unknown is read back in any case."""
        if not self.linked or self.observed == UNKNOWN:
            return self.linked
        return self.observed != self.wanted and not self.on_hold and self.refused_for != self.wanted

    @property
    def held(self) -> bool:
        """Whether somebody is there, or is to join, and a person has to decide on it."""
        waits = self.on_hold and not self.rejected and self.observed != UNKNOWN
        return self.linked and waits and (self.observed != OUT or self.desired)

    @property
    def refused(self) -> bool:
        """Whether the platform said no for good to what is wanted."""
        answered = self.refused_for == self.wanted and self.observed not in {self.wanted, UNKNOWN}
        return self.linked and answered and not self.on_hold

    @property
    def lingers(self) -> bool:
        """Whether somebody is to be out and may be there still, refused or not."""
        return self.linked and self.wanted == OUT and self.observed != OUT and not self.on_hold

    @property
    def joins(self) -> bool:
        """Whether somebody is to be added who can be."""
        return self.linked and self.wanted in IN and self.observed == OUT and self.refused_for != self.wanted


@dataclass(frozen=True, slots=True)
class MembershipState:
    """One person in one room. `waits_for` is account (or one that another person holds) or chat, of who waits;
    `reasons` are names, sorted, once each; `hold_no` is the hold of who is held or was rejected.
    """

    person_id: PersonId
    role: str | None
    state: str
    reasons: tuple[str, ...]
    external_user_id: AccountId | None
    refused_code: str | None
    waits_for: str | None
    kept: tuple[KeptReason, ...]
    cause_no: EventNo = NO_EVENT  # the event that its wish comes of
    hold_no: HoldNo | None = None


def needs_person(room: Room, *, makes_chats: bool) -> bool:
    """Whether nothing can be done in a room before a person did something: adopted a chat, gave rights back, or opened
    again what somebody archived.
    """
    if room.observed_life in {GONE, NEEDS_PERSON, TO_ADOPT}:
        return True
    if (room.wanted_life, room.observed_life) == (OPEN, ARCHIVED):
        return True
    return not makes_chats and room.observed_life == NONE and room.wanted_life == OPEN


def membership_states(places: Iterable[PlaceView], *, stuck: bool) -> dict[PersonId, MembershipState]:
    """Who stands in a room, by person: desired, or still there, or kept. `stuck`: the room waits for a person."""
    by_person: Mapping[PersonId, list[PlaceView]] = defaultdict(list)
    for place in places:
        by_person[place.person_id].append(place)
    found = {person: _membership(min(own, key=_rank), stuck=stuck) for person, own in sorted(by_person.items())}
    return {person: membership for person, membership in found.items() if membership is not None}


def _rank(place: PlaceView) -> tuple[bool, bool, bool, str]:
    """Of a person's several places the one that speaks for them: where they wait, else where they are to be."""
    return not place.desired, place.desired and place.linked, place.observed == OUT, place.account


def _membership(place: PlaceView, *, stuck: bool) -> MembershipState | None:
    state = _state(place, stuck=stuck)
    if state is None:
        return None
    return MembershipState(
        place.person_id,
        place.role,
        state,
        tuple(sorted({kept.reason for kept in place.reasons})),
        place.account if place.linked else None,
        place.refused_code if state == REFUSED else None,
        None if state != WAITING else FOR_CHAT if place.linked else FOR_ACCOUNT,
        place.reasons,
        place.cause_no,
        place.hold_no if state in {HELD, REJECTED} else None,
    )


def _state(place: PlaceView, *, stuck: bool) -> str | None:
    if not place.linked:
        return WAITING if place.desired else None
    if place.on_hold:
        concerned = place.desired or place.observed != OUT
        return None if not concerned else REJECTED if place.rejected else HELD
    if place.wanted == OUT:
        return _state_of_leaver(place)
    if place.observed == place.wanted:
        return APPLIED
    if place.refused:
        return REFUSED
    return WAITING if stuck else PENDING


def _state_of_leaver(place: PlaceView) -> str | None:
    if place.observed == OUT:
        return LEFT if place.desired else None
    return REFUSED if place.refused else PENDING


def chat_state(room: Room | None, places: Iterable[PlaceView], *, makes_chats: bool) -> str:
    """How far a chat is on the platform: none, creating, open, to_adopt, needs_person, archived."""
    if room is None:
        return NONE
    match room.observed_life:
        case "open" | "archived" | "to_adopt" | "needs_person":
            return room.observed_life
        case "gone":
            return NEEDS_PERSON
        case _ if room.observed_life == UNKNOWN:
            return CREATING if room.external_chat_id is None else OPEN
    if room.wanted_life == ARCHIVED or not any(place.joins for place in places):
        return NONE
    return CREATING if makes_chats else TO_ADOPT
