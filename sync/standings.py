"""How a person stands in a chat, in one word: the states of a membership, read off its places. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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

FOR_ACCOUNT, FOR_CHAT = "account", "chat"


@dataclass(frozen=True, slots=True)
class Seat:
    """A place as readers see it: what is wanted, observed and known of why not."""

    person_id: str
    account: str
    wanted: str
    observed: str
    reasons: tuple[KeptReason, ...] = ()
    held_or_rejected: bool = False
    refused_code: str | None = None
    refused_for: str | None = None

    @property
    def linked(self) -> bool:
        return self.account != NOBODY

    @property
    def desired(self) -> bool:
        return bool(self.reasons)

    @property
    def role(self) -> str | None:
        """The highest role of the reasons; None without any."""
        if not self.reasons:
            return None
        return ADMIN if any(kept.role == ADMIN for kept in self.reasons) else MEMBER

    @property
    def withheld(self) -> bool:
        """Whether its removal waits for a person to decide."""
        return self.held_or_rejected and self.wanted == OUT

    # Which count it is in: of these three it is one at most

    @property
    def differs(self) -> bool:
        """Whether settling has something to do with it: the outbox. What is unknown is read back in any case."""
        if not self.linked or self.observed == UNKNOWN:
            return self.linked
        return self.observed != self.wanted and not self.withheld and self.refused_for != self.wanted

    @property
    def held(self) -> bool:
        """Whether somebody is there whose removal waits for a person to decide."""
        return self.linked and self.withheld and self.observed in IN

    @property
    def refused(self) -> bool:
        """Whether the platform said no for good to what is wanted."""
        answered = self.refused_for == self.wanted and self.observed not in {self.wanted, UNKNOWN}
        return self.linked and answered and not self.held_or_rejected

    @property
    def lingers(self) -> bool:
        """Whether somebody is to be out and may be there still, refused or not."""
        return self.linked and self.wanted == OUT and self.observed != OUT and not self.held_or_rejected

    @property
    def joins(self) -> bool:
        """Whether somebody is to be added who can be."""
        return self.linked and self.wanted in IN and self.observed == OUT and self.refused_for != self.wanted


@dataclass(frozen=True, slots=True)
class Standing:
    """One person in one room. `waits_for` is account or chat, of who waits; `reasons` are names, sorted, once each."""

    person_id: str
    role: str | None
    state: str
    reasons: tuple[str, ...]
    external_user_id: str | None
    refused_code: str | None
    waits_for: str | None
    kept: tuple[KeptReason, ...]


def needs_person(room: Room, *, makes_chats: bool) -> bool:
    """Whether nothing can be done in a room before a person did something: adopted a chat, gave rights back."""
    if room.observed_life in {GONE, NEEDS_PERSON, TO_ADOPT}:
        return True
    return not makes_chats and room.observed_life == NONE and room.wanted_life == OPEN


def standings(seats: Iterable[Seat], *, stuck: bool) -> dict[str, Standing]:
    """Who stands in a room, by person: desired, or still there, or kept. `stuck`: the room waits for a person."""
    by_person: Mapping[str, list[Seat]] = defaultdict(list)
    for seat in seats:
        by_person[seat.person_id].append(seat)
    found = {person: _standing(min(own, key=_rank), stuck=stuck) for person, own in sorted(by_person.items())}
    return {person: standing for person, standing in found.items() if standing is not None}


def _rank(seat: Seat) -> tuple[bool, bool, bool, str]:
    """Of a person's several seats the one that speaks for them: where they wait, else where they are to be."""
    return not seat.desired, seat.desired and seat.linked, seat.observed == OUT, seat.account


def _standing(seat: Seat, *, stuck: bool) -> Standing | None:
    state = _state(seat, stuck=stuck)
    if state is None:
        return None
    return Standing(
        seat.person_id,
        seat.role,
        state,
        tuple(sorted({kept.reason for kept in seat.reasons})),
        seat.account if seat.linked else None,
        seat.refused_code if state == REFUSED else None,
        None if state != WAITING else FOR_CHAT if seat.linked else FOR_ACCOUNT,
        seat.reasons,
    )


def _state(seat: Seat, *, stuck: bool) -> str | None:
    if not seat.linked:
        return WAITING if seat.desired else None
    if seat.wanted == OUT:
        return _state_of_leaver(seat)
    if seat.held_or_rejected:
        return REJECTED
    if seat.observed == seat.wanted:
        return APPLIED
    if seat.refused:
        return REFUSED
    return WAITING if stuck else PENDING


def _state_of_leaver(seat: Seat) -> str | None:
    if seat.observed == OUT:
        return LEFT if seat.desired else None
    if seat.held_or_rejected:
        return HELD
    return REFUSED if seat.refused else PENDING


def chat_state(room: Room | None, seats: Iterable[Seat], *, makes_chats: bool) -> str:
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
    if room.wanted_life == ARCHIVED or not any(seat.joins for seat in seats):
        return NONE
    return CREATING if makes_chats else TO_ADOPT
