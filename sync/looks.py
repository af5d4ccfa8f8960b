"""The differences that a look at a whole room shows: how they are reported, and what is read back because of them.

A look itself writes no observations: the platform may change between the pages of a listing, and an event being
processed takes precedence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from sync.ids import NO_PERSON, AccountId, ChatId, OrganisationId, PersonId, RoomNo
from sync.places import ADMIN, ARCHIVED, IN, NEEDS_PERSON, OPEN, OUT, UNKNOWN
from sync.platform import ChatSeen
from sync.rights import told
from sync.room import ITSELF, RoomPlace, fold

LOOKED_AT = (OPEN, ARCHIVED, NEEDS_PERSON)
"""The lives of rooms that are looked at. In rooms where we lack a right, other rights may do, or it may have been
restored.
"""

# kinds of differences
RETURNED, STRANGER, ROLE, LOST, TITLE, RIGHTS = "returned", "stranger", "role", "lost", "title", "rights"
PLANNED = "planned"  # of what is wanted itself: planned anew it becomes another

# policies
ASK, REVERT, ADOPT, KEEP = "ask", "revert", "adopt", "keep"
OF_STRANGERS, OF_TITLES = (ASK, REVERT, ADOPT), (REVERT, KEEP)

LISTED, ABSENT, SEEN = "listed", "absent", "seen"  # why something is read back

RETURNED_SHOWN = timedelta(hours=1)  # for how long persons taken out again are shown
UPDATE_COMES_WITHIN_S = 60.0  # the latest that an update about a person who left arrives


class Decision(NamedTuple):
    """What was decided of a stranger, by whom. `refused`: the platform does not let us take them out."""

    decision: str
    by: str | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Policies:
    """What a school wants done about strangers, and about titles that people gave."""

    strangers: str = ASK
    titles: str = REVERT


@dataclass(frozen=True, slots=True)
class KnownRoom:
    """The believed state of a room. `places`: all its places that have an account; `holders`: accounts without a place
    that a person known to the school holds, with the person; `decisions`: on strangers, by account; `flying`: the
    accounts of a call in flight; `hears`: whether the platform sends us updates. `wanted_title` is cut as the platform
    cuts it.
    """

    room_no: RoomNo
    organisation_id: OrganisationId
    chat_id: ChatId
    wanted_title: str
    observed_title: str | None
    observed_life: str
    lacks: str | None = None
    policies: Policies = field(default_factory=Policies)
    places: Sequence[RoomPlace] = ()
    holders: Mapping[AccountId, PersonId] = field(default_factory=dict)
    decisions: Mapping[AccountId, Decision] = field(default_factory=dict)
    flying: Collection[str] = ()
    hears: bool = False


@dataclass(frozen=True, slots=True)
class RoomSeen:
    """A room as a look shows it: the chat itself, and everybody in it but the service, with their role."""

    chat: ChatSeen
    members: Mapping[AccountId, str]


class Difference(NamedTuple):
    """One difference. `seen`, `wanted`: a role, out, or a title. `policy`: the policy applied; `action`: what is done
    about it, as named in plans; None: nothing, or a person has to decide.
    """

    kind: str
    chat_id: ChatId
    person_id: PersonId | None
    external_user_id: AccountId | None
    seen: str
    wanted: str
    policy: str
    action: str | None


class ToReadBack(NamedTuple):
    """An account (or ITSELF) to be read back under the room's lease, `in_s` seconds from now."""

    account: AccountId
    person_id: PersonId
    why: str
    in_s: float = 0.0


def differences(room: KnownRoom, seen: RoomSeen) -> list[Difference]:
    """What differs from what is wanted and is not in the outbox already, by account."""
    by_account = _by_account(room)
    found = [_of_places(room, places, seen.members.get(account, OUT)) for account, places in by_account.items()]
    strangers = sorted(seen.members.keys() - by_account.keys() - set(room.flying))
    found += [_without_place(room, account, seen.members[account]) for account in strangers]
    return [*_of_title(room, seen.chat.title), *(each for each in found if each is not None)]


def to_read_back(room: KnownRoom, seen: RoomSeen) -> Iterator[ToReadBack]:
    """Everything that differs from what is believed. An absent person is not added back before an update had time to
    report that they left.
    """
    archived = room.observed_life == ARCHIVED
    given_back = room.observed_life == NEEDS_PERSON and not seen.chat.lacks
    differs = seen.chat.title != room.observed_title or seen.chat.is_archived(believed=archived) != archived
    if differs or given_back or told(seen.chat.lacks) != room.lacks:
        yield ToReadBack(ITSELF, NO_PERSON, LISTED)
    by_account = _by_account(room)
    for account, places in by_account.items():
        [folded] = fold(places)
        is_at = seen.members.get(account, OUT)
        if _differs(room, folded.account, folded.observed, is_at):
            lost = is_at == OUT and folded.wanted in IN
            waits_s = UPDATE_COMES_WITHIN_S if lost and room.hears else 0.0
            yield ToReadBack(account, places[0].person_id, ABSENT if lost else LISTED, waits_s)
    for account in sorted(seen.members.keys() - by_account.keys() - set(room.flying)):
        if _undecided(room, account):
            yield ToReadBack(account, NO_PERSON, SEEN)
    for account in sorted(room.decisions.keys() - seen.members.keys() - by_account.keys()):
        if room.decisions[account].decision != ADOPT:
            yield ToReadBack(account, NO_PERSON, LISTED)


def wholly_out(room: KnownRoom, seen: RoomSeen) -> list[AccountId]:
    """The accounts that are out, and observed and wanted out in all their places."""
    return [
        account
        for account, places in _by_account(room).items()
        if account not in seen.members and all(place.wanted == place.observed == OUT for place in places)
    ]


def _by_account(room: KnownRoom) -> dict[AccountId, list[RoomPlace]]:
    grouped: dict[AccountId, list[RoomPlace]] = {}
    for place in sorted(room.places, key=lambda place: place.account):
        grouped.setdefault(place.account, []).append(place)
    return grouped


def _differs(room: KnownRoom, account: AccountId, observed: str, is_at: str) -> bool:
    """Unknown places are read back in any case, and the effect of a call in flight is reported by its answer."""
    return observed not in {UNKNOWN, is_at} and account not in room.flying


def _of_places(room: KnownRoom, places: Sequence[RoomPlace], is_at: str) -> Difference | None:
    [folded] = fold(places)
    stays = any(place.stays or place.has_left for place in places)
    if stays or not _differs(room, folded.account, folded.observed, is_at):
        return None
    person = next(place.person_id for place in places if place.wanted == folded.wanted)
    common = (room.chat_id, person, folded.account, is_at, folded.wanted, REVERT)
    if folded.wanted == OUT:
        return Difference(RETURNED, *common, "remove_member") if folded.observed == OUT else None
    if is_at == OUT:
        return Difference(LOST, *common, "add_member")
    if is_at == folded.wanted or folded.observed == OUT:
        return None
    return Difference(ROLE, *common, "grant_admin" if folded.wanted == ADMIN else "revoke_admin")


def _without_place(room: KnownRoom, account: AccountId, is_at: str) -> Difference | None:
    decided = room.decisions.get(account)
    if decided is not None and decided.decision == ADOPT:
        return Difference(STRANGER, room.chat_id, None, account, is_at, OUT, ADOPT, None)
    person = room.holders.get(account)
    if person is not None:
        return Difference(RETURNED, room.chat_id, person, account, is_at, OUT, REVERT, "remove_member")
    policy = room.policies.strangers
    removed = policy == REVERT and (decided is None or not decided.refused)
    return Difference(STRANGER, room.chat_id, None, account, is_at, OUT, policy, "remove_member" if removed else None)


def _undecided(room: KnownRoom, account: AccountId) -> bool:
    """Whether a decision is due, or due again because the stranger has become known or the policy has changed."""
    decided = room.decisions.get(account)
    if decided is None:
        return True
    if decided.decision == ADOPT:
        return False
    return account in room.holders or (decided.decision != room.policies.strangers and not decided.refused)


def _of_title(room: KnownRoom, title: str) -> Iterator[Difference]:
    if room.observed_life != OPEN or title in {room.observed_title, room.wanted_title}:
        return
    policy = room.policies.titles
    action = "rename_chat" if policy == REVERT else None
    yield Difference(TITLE, room.chat_id, None, None, title, room.wanted_title, policy, action)
