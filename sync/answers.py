"""What an answer, or none, says of a room and its places. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sync.errors import Failure, PlatformError
from sync.places import ADMIN, ARCHIVED, GONE, IN, MEMBER, NEEDS_PERSON, OPEN, OUT, UNKNOWN
from sync.platform import Capabilities, ChatSeen, Refusal
from sync.room import (
    Act,
    RoomPlace,
    RoomWork,
    Step,
    any_observed,
    fold,
)


@dataclass(frozen=True, slots=True)
class Observation:
    """What the platform confirmed of an account. A refusal names the wish it answered."""

    observed: str
    refused_code: str | None = None
    refused_for: str | None = None


class Change(NamedTuple):
    """A change the platform confirmed, or refused for good: what goes out as an event."""

    action: str
    person_id: str
    account: str
    role: str | None
    reasons: tuple[str, ...]
    cause_no: int


@dataclass(slots=True)
class Effects:
    """What a completion writes: observations by account, the room's own fields, the changes to tell of."""

    observed: dict[str, Observation] = field(default_factory=dict)
    room: dict[str, str | None] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    superseded: list[RoomPlace] = field(default_factory=list)
    listed: Mapping[str, object] | None = None
    answer: str = "ok"


def superseded(room: RoomWork) -> Effects:
    """Places whose account now stands for somebody else: the other's place takes over what is observed, no call."""
    effects = Effects(answer="")
    by_account: dict[str, list[RoomPlace]] = {}
    for place in room.places:
        by_account.setdefault(place.account, []).append(place)
    for account, places in by_account.items():
        keeper = [place for place in places if place.wanted in IN]
        yielding = [place for place in places if place.wanted == OUT and not place.held]
        if keeper and yielding:
            effects.superseded.extend(yielding)
            effects.observed[account] = Observation(any_observed(places))
    return effects


def answered(step: Step, room: RoomWork, answer: object, can: Capabilities) -> Effects:
    """What a confirmed answer says. `answer`: the chat's id (create), the refusals (add), the roles found (read, list),
    the chat (look).
    """
    if step.act in CONFIRMS:
        effects = Effects(observed={account: Observation(CONFIRMS[step.act]) for account in step.accounts})
        effects.changes = list(_changes(room, effects.observed))
        return effects
    if step.act in {Act.READ, Act.ADD}:
        return (_read if step.act is Act.READ else _added)(step, room, _mapping(answer))
    if step.act is Act.LIST:
        return Effects(listed=_mapping(answer))
    return Effects(room=_room_as_answered(step, room.wanted_title[: can.title_length], answer))


CONFIRMS = {Act.GRANT: ADMIN, Act.REVOKE: MEMBER, Act.REMOVE: OUT}


def _room_as_answered(step: Step, title: str, answer: object) -> dict[str, str | None]:
    match step.act:
        case Act.CREATE:
            return {"external_chat_id": str(answer), "observed_life": OPEN, "observed_title": title}
        case Act.RENAME:
            return {"observed_title": title}
        case Act.ARCHIVE:
            return {"observed_life": ARCHIVED}
    assert isinstance(answer, ChatSeen)  # noqa: S101 - the port's own types
    life = ARCHIVED if answer.archived else OPEN
    return {"observed_life": life, "observed_title": answer.title, "invite_link": answer.link or ""}


def _mapping(answer: object) -> Mapping[str, object]:
    assert isinstance(answer, Mapping)  # noqa: S101 - the port's own types
    return answer


def _read(step: Step, room: RoomWork, found: Mapping[str, object]) -> Effects:
    effects = Effects(observed={account: Observation(str(found.get(account, OUT))) for account in step.accounts})
    effects.changes = list(_changes(room, effects.observed))
    believed_in = {place.account for place in room.places if place.observed != OUT}  # old news keeps nobody out
    effects.left = [
        account
        for account, (_, why) in room.read_backs.items()
        if why == "left" and account in step.accounts and account not in found and account in believed_in
    ]
    return effects


def _added(step: Step, room: RoomWork, refusals: Mapping[str, object]) -> Effects:
    effects = Effects(observed={account: Observation(MEMBER) for account in step.accounts})
    codes = set()
    for account, refusal in refusals.items():
        assert isinstance(refusal, Refusal)  # noqa: S101 - the port's own types
        effects.observed[account] = refused(account, room, refusal.code) if refusal.for_good else Observation(OUT)
        codes.add(refusal.code)
    effects.answer = ", ".join(sorted(codes)) or "ok"
    effects.changes = list(_changes(room, effects.observed))
    return effects


def refused(account: str, room: RoomWork, code: str) -> Observation:
    folded = next(folded for folded in fold(room.places) if folded.account == account)
    return Observation(folded.observed, code, folded.wanted)


def _changes(room: RoomWork, observed: Mapping[str, Observation]) -> Iterator[Change]:
    for place in room.places:
        seen = observed.get(place.account)
        if seen is None or seen.observed == UNKNOWN:
            continue
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


def failed(step: Step, room: RoomWork, error: PlatformError) -> Effects:
    """What a failure says of the room: unknown where nobody knows, a refusal where it is for good, else nothing."""
    effects = Effects(answer=error.code)
    match error.failure:
        case Failure.UNCONFIRMED if step.act in {Act.CREATE, Act.ARCHIVE}:
            effects.room = {"observed_life": UNKNOWN}
        case Failure.UNCONFIRMED if step.act is Act.RENAME:
            effects.room = {"observed_title": None}
        case Failure.UNCONFIRMED if step.writes:
            effects.observed = {account: Observation(UNKNOWN) for account in step.accounts}
        case Failure.GONE:
            effects.room = {"observed_life": GONE}
        case Failure.NEEDS_PERSON:
            effects.room = {"observed_life": NEEDS_PERSON}
        case Failure.REFUSED if step.writes and len(step.accounts) == 1:
            effects.observed = {account: refused(account, room, error.code) for account in step.accounts}
            effects.changes = list(_changes(room, effects.observed))
    return effects
