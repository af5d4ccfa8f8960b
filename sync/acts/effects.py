"""The effects of an answer, or of none, on a room and its places. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sync.ids import AccountId, EventNo, PersonId
from sync.places import IN, OUT, UNKNOWN
from sync.room import RoomPlace, RoomWork, any_observed, fold


class Observation(NamedTuple):
    """What the platform confirmed of an account. A refusal names the wish it answered."""

    observed: str
    refused_code: str | None = None
    refused_for: str | None = None


class Change(NamedTuple):
    """A change the platform confirmed, or refused for good: what goes out as an event."""

    action: str
    person_id: PersonId
    account: AccountId
    role: str | None
    reasons: tuple[str, ...]
    cause_no: EventNo


class Ask(NamedTuple):
    """An account to be read back, `in_s` seconds from now, with the person it was of; ITSELF: the room."""

    account: AccountId
    person_id: PersonId
    why: str
    in_s: float = 0.0


@dataclass(slots=True)
class Effects:
    """What a completion writes: observations by account, the room's own fields, the changes to publish.

    `persons`: the person recorded for an account that has no place any more. `left`: accounts that left by themselves;
    `back`: accounts that came back by themselves; `returned`: accounts that came though wanted out. `settled`: accounts
    that are no longer in doubt. `asks`: what has to be read back, now or later. `gone`: the chat does not exist any
    more, so nobody is in it.
    """

    observed: dict[AccountId, Observation] = field(default_factory=dict)
    room: Mapping[str, str | int | None] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    persons: Mapping[AccountId, PersonId] = field(default_factory=dict)
    left: list[AccountId] = field(default_factory=list)
    back: list[AccountId] = field(default_factory=list)
    returned: list[AccountId] = field(default_factory=list)
    superseded: list[RoomPlace] = field(default_factory=list)
    settled: tuple[AccountId, ...] = ()
    asks: list[Ask] = field(default_factory=list)
    gone: bool = False
    answer: str = "ok"


def observing(room: RoomWork, observed: dict[AccountId, Observation]) -> Effects:
    """Effects with these observations of accounts, and the changes that follow from them."""
    return Effects(observed=observed, changes=list(_changes(room, observed)))


def refusal(room: RoomWork, account: AccountId, code: str) -> Observation:
    """The account stays where it is, and its present wish is refused."""
    [folded] = fold(place for place in room.places if place.account == account)
    return Observation(folded.observed, code, folded.wanted)


def superseded(room: RoomWork) -> Effects:
    """Places whose account now belongs to somebody else, whose place takes over the observation without a call."""
    effects = Effects(answer="")
    by_account: dict[AccountId, list[RoomPlace]] = {}
    for place in room.places:
        by_account.setdefault(place.account, []).append(place)
    for account, places in by_account.items():
        if len(places) > 1 and any(place.wanted in IN for place in places):
            yielding = [place for place in places if place.wanted == OUT and not place.held]
            if yielding:
                effects.superseded.extend(yielding)
                effects.observed[account] = Observation(any_observed(places))
    return effects


def applied(room: RoomWork, effects: Effects) -> RoomWork:
    """The room after the effects, if nobody else has written; without the places that are as wanted."""
    nowhere = Observation(OUT) if effects.gone else None
    stand = [_seen(place, nowhere or effects.observed.get(place.account)) for place in room.places]
    differing = {place.account for place in stand if place.wanted != place.observed}
    read_backs = {account: of for account, of in room.read_backs.items() if account not in effects.settled}
    of_room: dict[str, Any] = dict(effects.room)
    if of_room.pop("told_for", None) is not None:
        of_room["successor"] = None
    return replace(
        room,
        places=tuple(place for place in stand if place.account in differing or place.account in read_backs),
        read_backs=read_backs,
        **of_room,
    )


def _seen(place: RoomPlace, seen: Observation | None) -> RoomPlace:
    return place if seen is None else place._replace(observed=seen.observed, refused_for=seen.refused_for)


def _changes(room: RoomWork, observed: Mapping[AccountId, Observation]) -> Iterator[Change]:
    for place in room.places:
        seen = observed.get(place.account)
        if seen is None or seen.observed == UNKNOWN:
            continue
        if seen.refused_code is not None and place.refused_for == seen.refused_for:
            continue  # refused as it was before
        if place.observed == UNKNOWN and (seen.observed in IN) != (place.wanted in IN) and seen.refused_code is None:
            continue  # a call that was in doubt was not carried out: nothing has changed
        action = _action(place.observed, seen)
        if action is not None and (place.wanted == seen.observed or place.wanted in IN or place.observed != OUT):
            role = seen.observed if seen.observed in IN else None
            yield Change(action, place.person_id, place.account, role, place.reasons, place.cause_no)


def _action(before: str, seen: Observation) -> str | None:
    if seen.refused_code is not None:
        return "refused"
    if seen.observed in IN and before not in IN:
        return "added"
    if seen.observed == OUT and before != OUT:
        return "removed"
    return "role_changed" if seen.observed in IN and seen.observed != before else None
