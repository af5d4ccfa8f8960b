"""The state of a person's membership in a chat, in one word, from its places. Pure."""

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

EXCLUDED = "excluded"  # kept out, and without a place

CREATING = "creating"

FOR_ACCOUNT, FOR_HELD_ACCOUNT, FOR_CHAT = "account", "account_held_by_another_person", "chat"


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place as readers see it: wanted, observed, and why they differ."""

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

    # Which count a place is in: at most one of these three

    @property
    def differs(self) -> bool:
        """Whether settling has work with it, so that it is in the outbox. Unknown places are read back in any case."""
        if not self.linked or self.observed == UNKNOWN:
            return self.linked
        return self.observed != self.wanted and not self.on_hold and self.refused_for != self.wanted

    @property
    def held(self) -> bool:
        """Whether the place is held: somebody is there, or is to join, and a person has to decide."""
        waits = self.on_hold and not self.rejected and self.observed != UNKNOWN
        return self.linked and waits and (self.observed != OUT or self.desired)

    @property
    def refused(self) -> bool:
        """Whether the platform permanently refused what is wanted."""
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
    """One person in one room. `waits_for`, while waiting: account (or an account that another person holds) or chat;
    `reasons`: names, sorted, once each; `hold_no`: the hold, if held or rejected.
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
    """Whether a room waits for a person: to adopt a chat, to restore rights, or to reopen an archived chat."""
    if room.observed_life in {GONE, NEEDS_PERSON, TO_ADOPT}:
        return True
    if (room.wanted_life, room.observed_life) == (OPEN, ARCHIVED):
        return True
    return not makes_chats and room.observed_life == NONE and room.wanted_life == OPEN


def membership_states(places: Iterable[PlaceView], *, stuck: bool) -> dict[PersonId, MembershipState]:
    """The memberships in a room, by person: desired, still there, or kept. `stuck`: the room waits for a person."""
    by_person: Mapping[PersonId, list[PlaceView]] = defaultdict(list)
    for place in places:
        by_person[place.person_id].append(place)
    found = {person: _membership(min(own, key=_rank), stuck=stuck) for person, own in sorted(by_person.items())}
    return {person: membership for person, membership in found.items() if membership is not None}


def _rank(place: PlaceView) -> tuple[bool, bool, bool, str]:
    """The place that determines a person's state, of several: the waiting one, else the wanted one."""
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
