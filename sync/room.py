"""One room: what to do next so that it becomes as wanted, and what an answer means. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from typing import NamedTuple

from sync.errors import Failure, PlatformError
from sync.places import ADMIN, ARCHIVED, GONE, IN, MEMBER, NEEDS_PERSON, NONE, OPEN, OUT, UNKNOWN
from sync.platform import Capabilities, ChatSeen, Refusal

# The grades in which a room falls due; dispatch goes by grade first.
LEAVERS, CHANGES, REMOVALS, LISTING = 1, 2, 3, 4

RANK = {OUT: 0, MEMBER: 1, ADMIN: 2}


BEFORE_ALL = datetime.min.replace(tzinfo=UTC)

ITSELF = ""  # among the accounts to be read back: the room itself, its title and our rights in it


class Act(Enum):
    LOOK = "look"
    READ = "read"
    CREATE = "create"
    RENAME = "rename"
    ADD = "add"
    GRANT = "grant"
    REVOKE = "revoke"
    REMOVE = "remove"
    ARCHIVE = "archive"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class RoomPlace:
    """A place as settling sees it; only those with an account."""

    person_id: str
    account: str
    wanted: str
    observed: str
    leaving: bool = False
    held: bool = False
    refused_for: str | None = None
    reasons: tuple[str, ...] = ()
    cause_no: int = 0


@dataclass(frozen=True, slots=True)
class RoomWork:
    """A leased room with the places that differ, or may, and all others of the same accounts.

    `read_backs`: accounts to be read back now, each with the person it was of and why (`left`: a webhook said that
    the person left); an answer settles those asked for up to `loaded_at`, when the store read the room.
    """

    room_no: int
    organisation_id: str
    chat_id: str
    life: int
    nonce: str
    wanted_title: str
    observed_title: str | None
    wanted_life: str
    observed_life: str
    external_chat_id: str | None
    platform_token: str
    lease_no: int
    grade: int
    attempts: int
    places: tuple[RoomPlace, ...]
    read_backs: Mapping[str, tuple[str, str]]
    in_flight: Call | None = None
    to_list: bool = False  # it was changed and never looked at as a whole since
    loaded_at: datetime = BEFORE_ALL

    @property
    def on_platform(self) -> bool:
        return self.external_chat_id is not None and self.observed_life not in {GONE, NEEDS_PERSON}


class Call(NamedTuple):
    """A write that may be on its way: the accounts it speaks of, each with a person it was for."""

    act: Act
    persons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """The next request for a room."""

    act: Act
    accounts: tuple[str, ...] = ()
    grade: int = CHANGES

    @property
    def writes(self) -> bool:
        return self.act not in {Act.LOOK, Act.READ, Act.LIST}


@dataclass(frozen=True, slots=True)
class Folded:
    """All places of one account in a room as one: the highest wanted, any observed."""

    account: str
    wanted: str
    observed: str
    leaving: bool
    refused: bool


def fold(places: Iterable[RoomPlace]) -> list[Folded]:
    """The platform knows accounts, not persons: what is asked for each account, sorted by account."""
    grouped: dict[str, list[RoomPlace]] = {}
    for place in places:
        grouped.setdefault(place.account, []).append(place)
    return [_folded(account, grouped[account]) for account in sorted(grouped)]


def _folded(account: str, places: Sequence[RoomPlace]) -> Folded:
    observed = _any_observed(places)
    wanted = max((place.wanted for place in places), key=RANK.__getitem__)
    if wanted == OUT and any(place.held for place in places):
        wanted = observed  # a held removal is skipped
    asked = [place for place in places if place.wanted == wanted]
    return Folded(
        account,
        wanted,
        observed,
        leaving=any(place.leaving for place in places if place.wanted == OUT),
        refused=bool(asked) and all(place.refused_for == wanted for place in asked),
    )


def _any_observed(places: Iterable[RoomPlace]) -> str:
    observed = {place.observed for place in places}
    for word in (UNKNOWN, ADMIN, MEMBER):
        if word in observed:
            return word
    return OUT


def next_step(
    room: RoomWork, can: Capabilities, *, skip: frozenset[str | Act] = frozenset(), at_most: int | None = None
) -> Step | None:
    """The next request that brings the room nearer to what is wanted; None when nothing can be done now.

    In order: look at the room where our rights in it are in doubt; read back what is unknown; leavers out; create,
    title, adds, roles; everybody else out; archive.
    `skip`: accounts, and acts of the room itself, that failed under this lease and wait for the next one. `at_most`: a
    smaller batch of accounts.
    """
    room = replace(room, read_backs={account: of for account, of in room.read_backs.items() if account not in skip})
    accounts = [account for account in fold(room.places) if account.account not in skip]
    steps = (step for rule in _ORDER for step in rule(room, accounts, can, at_most) if step.act not in skip)
    return next(steps, None)


Steps = Iterator[Step]


def _look(room: RoomWork, _: list[Folded], __: Capabilities, ___: int | None) -> Steps:
    """Where we lack a right everything begins with a look: what is to be done is tried as soon as we may."""
    if room.external_chat_id is not None and (room.observed_life == NEEDS_PERSON or ITSELF in room.read_backs):
        yield Step(Act.LOOK, (), LEAVERS)


def _read_unknown(room: RoomWork, accounts: list[Folded], can: Capabilities, at_most: int | None) -> Steps:
    asked = {account.account for account in accounts if account.observed == UNKNOWN} | room.read_backs.keys() - {ITSELF}
    if asked and room.on_platform:
        yield Step(Act.READ, tuple(sorted(asked)[: at_most or can.read_at_once]), LEAVERS)


def _leavers_out(room: RoomWork, accounts: list[Folded], _: Capabilities, __: int | None) -> Steps:
    if room.on_platform:
        for account in accounts:
            if _to_remove(account) and account.leaving:
                yield Step(Act.REMOVE, (account.account,), LEAVERS)


def _create(room: RoomWork, accounts: list[Folded], can: Capabilities, _: int | None) -> Steps:
    wanted = room.wanted_life == OPEN and any(account.wanted in IN and not account.refused for account in accounts)
    unconfirmed = room.observed_life == UNKNOWN and room.external_chat_id is None
    if can.makes_chats and (unconfirmed or (room.observed_life == NONE and wanted)):
        yield Step(Act.CREATE)


def _title(room: RoomWork, _: list[Folded], can: Capabilities, __: int | None) -> Steps:
    if room.observed_life == OPEN and room.observed_title != room.wanted_title[: can.title_length]:
        yield Step(Act.RENAME)


def _adds(room: RoomWork, accounts: list[Folded], can: Capabilities, at_most: int | None) -> Steps:
    wanted = [a.account for a in accounts if a.wanted in IN and a.observed == OUT and not a.refused]
    if wanted and room.on_platform and room.observed_life == OPEN:
        yield Step(Act.ADD, tuple(wanted[: at_most or can.add_at_once]))


def _roles(room: RoomWork, accounts: list[Folded], can: Capabilities, at_most: int | None) -> Steps:
    if not room.on_platform or room.observed_life != OPEN:
        return
    grants = [a.account for a in accounts if a.wanted == ADMIN and a.observed == MEMBER and not a.refused]
    if grants:
        yield Step(Act.GRANT, tuple(grants[: at_most or can.admins_at_once]))
    for account in accounts:
        if account.wanted == MEMBER and account.observed == ADMIN and not account.refused:
            yield Step(Act.REVOKE, (account.account,))


def _others_out(room: RoomWork, accounts: list[Folded], _: Capabilities, __: int | None) -> Steps:
    if room.on_platform:
        for account in accounts:
            if _to_remove(account):
                yield Step(Act.REMOVE, (account.account,), REMOVALS)


def _archive(room: RoomWork, _: list[Folded], can: Capabilities, __: int | None) -> Steps:
    if can.archives_chats and room.wanted_life == ARCHIVED and room.on_platform and room.observed_life != ARCHIVED:
        yield Step(Act.ARCHIVE, (), REMOVALS)


def _list(room: RoomWork, _: list[Folded], __: Capabilities, ___: int | None) -> Steps:
    """When all is done and the token is idle: the one look that finds an answer that was a lie."""
    if room.to_list and room.on_platform and room.observed_life in {OPEN, ARCHIVED}:
        yield Step(Act.LIST, (), LISTING)


def _to_remove(account: Folded) -> bool:
    return account.wanted == OUT and account.observed in IN and not account.refused


_ORDER = (_look, _read_unknown, _leavers_out, _create, _title, _adds, _roles, _others_out, _archive, _list)


# what answers mean


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
            effects.observed[account] = Observation(_any_observed(places))
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
    return {"observed_life": ARCHIVED if answer.archived else OPEN, "observed_title": answer.title}


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
