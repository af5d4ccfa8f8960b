"""Whether the platform shows what the registry says, chat by chat; asked as anybody could ask them."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import aiohttp

from rollcall.demo.stage import Stage
from rollcall.paging import every
from sync.ids import AccountId, ChatId, OrganisationId
from sync.membership_states import APPLIED, HELD, LEFT, PENDING, REFUSED, REJECTED, WAITING
from sync.places import ADMIN, MEMBER, OUT
from sync.views.chats import ChatView, MemberView
from sync.views.registry import Registry

STATES = (APPLIED, WAITING, PENDING, REFUSED, LEFT, HELD, REJECTED)
KEPT = {HELD, REJECTED}

Shown = Mapping[str, Any]
"""A chat as the platform lists it."""


@dataclass(frozen=True, slots=True)
class ChatVerdict:
    """A chat, its members by state, and in what the platform differs; it agrees where `differences` is empty."""

    chat: ChatView
    states: Mapping[str, int]
    shown: int
    differences: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`strays` are chats on the platform that no chat of the registry accounts for."""

    chats: Sequence[ChatVerdict]
    strays: Sequence[str] = ()
    states: Counter[str] = field(default_factory=Counter)

    @property
    def agrees(self) -> bool:
        return not self.strays and not any(each.differences for each in self.chats)


async def compare(stage: Stage) -> Verdict:
    """Every chat of every school against what the platform lists."""
    shown = {str(chat["chat_id"]): chat for chat in await listing(stage)}
    found: list[ChatVerdict] = []
    async for chat, members in all_chats(stage.app.registry):
        found.append(_judged(chat, members, shown.pop(chat.external_chat_id or "", None)))
    states = Counter[str]()
    for each in found:
        states.update(each.states)
    return Verdict(found, sorted(shown), states)


async def listing(stage: Stage) -> list[dict[str, Any]]:
    """The chats as the platform lists them itself."""
    async with aiohttp.ClientSession() as session, session.get(f"{stage.simulator.url}/_sim/chats") as response:
        response.raise_for_status()
        listed: list[dict[str, Any]] = await response.json()
        return listed


async def all_chats(registry: Registry) -> AsyncIterator[tuple[ChatView, Sequence[MemberView]]]:
    """Each chat with everybody who has a part in it, school by school."""
    async for school in every(partial(registry.schools.organisations, None)):
        async for chat in every(partial(registry.schools.chats, school.organisation_id)):
            yield chat, await members_of(registry, school.organisation_id, chat.chat_id)


async def members_of(registry: Registry, organisation_id: OrganisationId, chat_id: ChatId) -> Sequence[MemberView]:
    return [
        member async for member in every(partial(registry.schools.members, organisation_id, chat_id, excluded=False))
    ]


def _judged(chat: ChatView, members: Sequence[MemberView], shown: Shown | None) -> ChatVerdict:
    states = Counter(member.state for member in members)
    if shown is None:
        missing = ["no chat on the platform"] if states[APPLIED] or chat.external_chat_id else []
        return ChatVerdict(chat, states, 0, missing)
    found = {
        AccountId(str(each["user_id"])): ADMIN if each["is_admin"] else MEMBER
        for each in shown["members"]
        if not each["is_owner"]
    }
    return ChatVerdict(chat, states, len(found), [*_of_chat(chat, shown), *_of_members(members, found)])


def _of_chat(chat: ChatView, shown: Shown) -> Iterator[str]:
    if not chat.archived and shown["title"] != chat.title:
        yield f"title {shown['title']!r} instead of {chat.title!r}"
    if shown["archived"] != chat.archived:
        yield "archived" if shown["archived"] else "not archived"


def _of_members(members: Sequence[MemberView], found: Mapping[AccountId, str]) -> Iterator[str]:
    wanted = {each.external_user_id: each.role for each in members if each.state == APPLIED and each.external_user_id}
    kept = {each.external_user_id for each in members if each.state in KEPT}
    for account in sorted(wanted.keys() | found.keys() - kept):
        if found.get(account) != wanted.get(account):
            yield f"account {account}: {found.get(account, OUT)} instead of {wanted.get(account) or OUT}"
    on_their_way = sum(each.state == PENDING for each in members)
    if on_their_way:
        yield f"{on_their_way} on their way"
