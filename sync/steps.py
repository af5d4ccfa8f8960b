"""What to do next in a room, so that it becomes as wanted. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sync.places import ADMIN, ARCHIVED, IN, MEMBER, NEEDS_PERSON, NONE, OPEN, OUT, UNKNOWN
from sync.platform import Capabilities
from sync.room import (
    ITSELF,
    LEAVERS,
    LISTING,
    REMOVALS,
    Act,
    Folded,
    RoomWork,
    Step,
    fold,
)


def next_step(
    room: RoomWork, can: Capabilities, *, skip: frozenset[str | Act] = frozenset(), at_most: int | None = None
) -> Step | None:
    """The next request that brings the room nearer to what is wanted; None when nothing can be done now.

    In order: look at the room where our rights in it are in doubt; read back what is unknown; leavers out; create,
    title, adds, roles; a link for who cannot be added; everybody else out; archive.
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


def _link(room: RoomWork, accounts: list[Folded], _: Capabilities, __: int | None) -> Steps:
    """Who is refused may come in by themselves: a look at the chat tells by which link."""
    refused = any(account.refused and account.wanted in IN for account in accounts)
    if refused and room.invite_link is None and room.on_platform and room.observed_life == OPEN:
        yield Step(Act.LOOK)


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


_ORDER = (_look, _read_unknown, _leavers_out, _create, _title, _adds, _roles, _link, _others_out, _archive, _list)
