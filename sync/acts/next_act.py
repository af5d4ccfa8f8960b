"""What to do next in a room, so that it becomes as wanted. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sync.acts.act import AnyAct
from sync.acts.chats import Archive, CreateChat, SetTitle
from sync.acts.left_out import NOTHING, LeftOut
from sync.acts.looks import Look, ReadBack
from sync.acts.members import AddMembers, GrantAdmin, RemoveMember, RevokeAdmin
from sync.acts.telling import TellMove, to_tell
from sync.places import ADMIN, ARCHIVED, GONE, IN, MEMBER, OPEN, OUT, UNKNOWN
from sync.platform import Capabilities
from sync.room import ITSELF, LEAVERS, REMOVALS, Folded, RoomWork, fold

Acts = Iterator[AnyAct]
Rule = Callable[[RoomWork, list[Folded], Capabilities, LeftOut], Iterable[AnyAct]]


def next_act(room: RoomWork, can: Capabilities, left_out: LeftOut = NOTHING) -> AnyAct | None:
    """The next act that brings the room nearer to what is wanted; None when nothing can be done now.

    In order: look at the room where it is in doubt; read back what is unknown; leavers out; create, title, adds,
    roles; a link for who cannot be added, or is to be told of it; where the chat goes; everybody else out; archive.
    Where adds fail the chat may be full: who leaves it comes first. `left_out`: what failed under this lease.
    """
    accounts = [_tried_again(account, room) for account in fold(room.places)]
    order = _REMOVALS_FIRST if left_out.failed(AddMembers.name) else _ORDER
    acts = (act for rule in order for act in rule(room, accounts, can, left_out) if act.name not in left_out.acts)
    return next(acts, None)


def _tried_again(account: Folded, room: RoomWork) -> Folded:
    if account.refused and account.wanted == OUT and room.removed_again(account.account):
        return account._replace(refused=False)
    return account


def _look(room: RoomWork, _: list[Folded], can: Capabilities, __: LeftOut) -> Acts:
    """Where a right is lacking, or the state of the chat is unknown, the first act is a look. A chat that is to be
    archived needs none: the archiving is repeated.
    """
    if room.external_chat_id is None or room.observed_life == GONE:
        return
    known = room.observed_life == OPEN
    if room.wanted_life == ARCHIVED:
        known |= room.observed_life == ARCHIVED or (room.observed_life == UNKNOWN and can.archives_chats)
    if not known or ITSELF in room.read_backs:
        yield Look(grade=LEAVERS)


def _read_unknown(room: RoomWork, accounts: list[Folded], can: Capabilities, left_out: LeftOut) -> Acts:
    again = {account.account for account in accounts if account.to_remove and room.removed_again(account.account)}
    unknown = {account.account for account in accounts if account.observed == UNKNOWN}
    asked = unknown | room.read_backs.keys() - {ITSELF} - again
    some = left_out.batch(ReadBack.name, sorted(asked), can.read_at_once)
    if some and room.on_platform:
        yield ReadBack(some, LEAVERS)


def _leavers_out(room: RoomWork, accounts: list[Folded], _: Capabilities, left_out: LeftOut) -> Acts:
    leavers = [account.account for account in accounts if account.leaving and account.to_remove]
    some = left_out.batch(RemoveMember.name, leavers, 1)
    if some and room.on_platform:
        yield RemoveMember(some, LEAVERS)


def _create(room: RoomWork, accounts: list[Folded], can: Capabilities, _: LeftOut) -> Acts:
    """Create the chat for the first person who is to join, or again after an unconfirmed creation, to learn its id."""
    if not can.makes_chats or room.external_chat_id is not None or room.observed_life == GONE:
        return
    wanted = room.wanted_life == OPEN and any(account.wanted in IN and not account.refused for account in accounts)
    if wanted or room.observed_life == UNKNOWN or any(account.observed == UNKNOWN for account in accounts):
        yield CreateChat(title=_title_of(room, can))


def _title(room: RoomWork, _: list[Folded], can: Capabilities, __: LeftOut) -> Acts:
    title = _title_of(room, can)
    if room.is_open and room.observed_title != title and room.kept_for != room.wanted_title:
        yield SetTitle(title=title)


def _adds(room: RoomWork, accounts: list[Folded], can: Capabilities, left_out: LeftOut) -> Acts:
    wanted = [a.account for a in accounts if a.wanted in IN and a.observed == OUT and not a.refused]
    some = left_out.batch(AddMembers.name, wanted, can.add_at_once)
    if some and room.is_open:
        yield AddMembers(some)


def _roles(room: RoomWork, accounts: list[Folded], can: Capabilities, left_out: LeftOut) -> Acts:
    if not room.is_open:
        return
    grants = [a.account for a in accounts if a.wanted == ADMIN and a.observed == MEMBER and not a.refused]
    if some := left_out.batch(GrantAdmin.name, grants, can.admins_at_once):
        yield GrantAdmin(some)
    revokes = [a.account for a in accounts if a.wanted == MEMBER and a.observed == ADMIN and not a.refused]
    if some := left_out.batch(RevokeAdmin.name, revokes, 1):
        yield RevokeAdmin(some)


def _link(room: RoomWork, accounts: list[Folded], _: Capabilities, __: LeftOut) -> Acts:
    """Refused persons may join by the invite link, and whoever is told where the chat goes: a look returns it."""
    asked = room.takes_over or any(account.refused and account.wanted in IN for account in accounts)
    if asked and room.invite_link is None and room.is_open:
        yield Look()


def _tell(room: RoomWork, _: list[Folded], can: Capabilities, __: LeftOut) -> Acts:
    if to_tell(room, can):
        yield TellMove()


def _others_out(room: RoomWork, accounts: list[Folded], can: Capabilities, left_out: LeftOut) -> Acts:
    others = [account.account for account in accounts if account.to_remove]
    some = left_out.batch(RemoveMember.name, others, 1)
    if some and room.on_platform and not to_tell(room, can):
        yield RemoveMember(some, REMOVALS)


def _archive(room: RoomWork, _: list[Folded], can: Capabilities, left_out: LeftOut) -> Acts:
    """Archiving cannot be undone: it waits for every removal that could not be made, and for the members to be told."""
    if left_out.failed(RemoveMember.name) or to_tell(room, can):
        return
    wanted = room.wanted_life == ARCHIVED and room.observed_life in {OPEN, UNKNOWN}
    if can.archives_chats and wanted and room.on_platform:
        yield Archive(grade=REMOVALS)


def _title_of(room: RoomWork, can: Capabilities) -> str:
    return room.wanted_title[: can.title_length]


_ORDER: tuple[Rule, ...] = (
    _look, _read_unknown, _leavers_out, _create, _title, _adds, _roles, _link, _tell, _others_out, _archive,
)  # fmt: skip
_REMOVALS_FIRST: tuple[Rule, ...] = (
    _look, _read_unknown, _leavers_out, _create, _title, _tell, _others_out, _adds, _roles, _link, _archive,
)  # fmt: skip
