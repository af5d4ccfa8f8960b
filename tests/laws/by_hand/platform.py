"""A platform that lives: it takes its time, fails, lies, fills up, and lets late requests land; its people act."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from adapters.simulator.entities import Chat, Refused
from adapters.slots import Slots
from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.platform import ChatSeen, Refusal
from sync.ports.clocks import Pacer
from tests.doubles.platform import Action, Lost, Outcome, WorldPlatform

CALL_TIMEOUT_S, LONGEST_LIFE_S = 20.0, 25.0
TOO_SLOW_S = 30.0

OUTCOMES: Mapping[str, Outcome] = {
    "reset_before": Lost.BEFORE,
    "reset_after": Lost.AFTER,
    "lying_ok": Lost.LIE,
    "server_error": PlatformError(Failure.UNCONFIRMED, "internal.error"),
    "too_many": PlatformError(Failure.BUSY, "too.many.requests", retry_after_s=2.0),
    "not_ready": PlatformError(Failure.RETRY, "attachment.not.ready"),
    "refused": PlatformError(Failure.REFUSED, "proto.payload"),
    "slow": None,
    "partial": None,
}
READS = {"read_chat", "read_members", "list_members"}


@dataclass
class Nature:
    """How the platform is at present. `ills`: what may befall a request, and `share` of them meets one; `full`: how
    many a chat takes, by its id, said `for_good` or not; `requests`: when each was sent.
    """

    chance: Random
    rate: float
    ills: Sequence[str] = ()
    share: float = 0.0
    full: dict[str, int] = field(default_factory=dict)
    for_good: bool = False
    refuses_until: float = 0.0
    away_until: float = 0.0
    requests: list[float] = field(default_factory=list)

    def ill(self) -> str | None:
        return self.chance.choice(self.ills) if self.ills and self.chance.random() < self.share else None

    def heals(self) -> None:
        self.ills, self.refuses_until, self.away_until = (), 0.0, 0.0

    def within_the_rate(self) -> bool:
        """Whether no second saw more requests than it may; below one a second, no two came too soon."""
        at_once = max(1, int(self.rate))
        apart_s = max(1.0, 1 / self.rate)
        return all(
            later - sooner >= apart_s for sooner, later in zip(self.requests, self.requests[at_once:], strict=False)
        )


@dataclass
class LivingPlatform(WorldPlatform):
    nature: Nature = field(default_factory=lambda: Nature(Random(1), 1000.0))
    pacer: Pacer = field(default_factory=lambda: Slots(lambda _: 0.0))
    looks: bool = False
    landing: set[asyncio.TimerHandle] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.before, self.after, self.outcome = self._sent, self._answered, self._befalls

    async def read_chat(self, chat: str) -> ChatSeen:
        async with self.pacer.slot("max", look=self.looks):
            await self._sent(Action("read_chat", chat))
        async with self.pacer.slot("max", look=self.looks):
            return await WorldPlatform.read_chat(self, chat)

    async def list_members(self, chat: str) -> Mapping[AccountId, str]:
        async with self.pacer.slot("max", look=self.looks):
            return await WorldPlatform.list_members(self, chat)

    async def add_members(self, chat: str, accounts: Sequence[AccountId]) -> Mapping[AccountId, Refusal]:
        """Those for whom there is no seat are refused, and some besides who are just unlucky."""
        unlucky = self.nature.ill() == "partial"
        refused = {
            a: Refusal("try.again", for_good=False) for a in accounts if unlucky and self.nature.chance.random() < 0.5
        }
        asked = [account for account in accounts if account not in refused]
        seats = self._seats(chat)
        coming = [a for a in asked if int(a) not in self._members(chat)]
        refused |= {a: Refusal("chat.full", for_good=self.nature.for_good) for a in coming[seats:]}
        let_in = [account for account in asked if account not in refused]
        return {**refused, **(await WorldPlatform.add_members(self, chat, let_in))}

    def _members(self, chat: str) -> Mapping[int, Any]:
        found: Chat | None = self.world.chats.get(int(chat))
        return found.members if found is not None else {}

    def _seats(self, chat: str) -> int:
        return max(0, self.nature.full.get(chat, 1000) + 1 - len(self._members(chat)))

    def _befalls(self, action: Action) -> Outcome:
        now = asyncio.get_running_loop().time()
        if now < self.nature.refuses_until:
            return PlatformError(Failure.CREDENTIALS, "verify.token")
        if now < self.nature.away_until:
            return PlatformError(Failure.BUSY, "connection.failed")
        ill = self.nature.ill()
        if ill is None or (action.name in READS and ill in {"lying_ok", "refused"}):
            return None
        return OUTCOMES[ill]

    async def _sent(self, action: Action) -> None:
        loop = asyncio.get_running_loop()
        sent_at = loop.time()
        self.nature.requests.append(sent_at)
        try:
            await asyncio.sleep(TOO_SLOW_S if self.nature.ill() == "slow" else self.nature.chance.uniform(0.001, 0.4))
        except asyncio.CancelledError:
            if self.nature.chance.random() < 0.5:  # else it was lost
                latest = sent_at + LONGEST_LIFE_S
                self.landing.add(loop.call_at(self.nature.chance.uniform(loop.time(), latest), self._lands, action))
            raise

    async def _answered(self, _: Action) -> None:
        await asyncio.sleep(self.nature.chance.uniform(0.0, 0.3))

    def _lands(self, action: Action) -> None:
        """A request that nobody waits for any more. Of a chat made so nothing is seen: its nonce makes it one."""
        chat, accounts, now = int(action.chat or 0), [int(account) for account in action.accounts], self.now()
        world = self.world
        with suppress(Refused):
            match action.name:
                case "add_members" if len(accounts) <= self._seats(str(chat)):
                    world.add(chat, accounts, now)
                case "remove_member":
                    world.remove(chat, accounts[0], now)
                case "grant_admin":
                    world.set_admins(chat, dict.fromkeys(accounts, ()))
                case "revoke_admin":
                    world.unset_admin(chat, accounts[0])
                case "rename_chat":
                    world.rename(chat, action.title or "", now)
                case "archive_chat":
                    world.archive(chat)
