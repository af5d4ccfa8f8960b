"""The chat platforms that the settings name, by the name that rooms know their token by."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import NoReturn

from pydantic import SecretStr

from adapters.max.client import AT_ONCE, max_client
from rollcall.settings import Settings
from sync.errors import Failure, PlatformError
from sync.platform import Capabilities, ChatSeen, Platform, Refusal, token_name
from sync.ports.clocks import Pacer

NOT_SET = Capabilities(
    makes_chats=True, archives_chats=True, add_at_once=AT_ONCE, admins_at_once=AT_ONCE, read_at_once=AT_ONCE
)

LOOK_AGAIN_S = 60.0


class NotSet:
    """A platform account whose token is not among the settings: every chat of it waits until it is."""

    capabilities = NOT_SET

    async def create_chat(self, title: str, nonce: str) -> str:  # noqa: ARG002 - the port's
        self._refuse()

    async def read_chat(self, chat: str) -> ChatSeen:  # noqa: ARG002
        self._refuse()

    async def rename_chat(self, chat: str, title: str) -> None:  # noqa: ARG002
        self._refuse()

    async def archive_chat(self, chat: str) -> None:  # noqa: ARG002
        self._refuse()

    async def add_members(self, chat: str, accounts: Sequence[str]) -> Mapping[str, Refusal]:  # noqa: ARG002
        self._refuse()

    async def remove_member(self, chat: str, account: str) -> None:  # noqa: ARG002
        self._refuse()

    async def grant_admin(self, chat: str, accounts: Sequence[str]) -> None:  # noqa: ARG002
        self._refuse()

    async def revoke_admin(self, chat: str, account: str) -> None:  # noqa: ARG002
        self._refuse()

    async def read_members(self, chat: str, accounts: Sequence[str]) -> Mapping[str, str]:  # noqa: ARG002
        self._refuse()

    async def list_members(self, chat: str) -> Mapping[str, str]:  # noqa: ARG002
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise PlatformError(Failure.CREDENTIALS, "token.not.set", retry_after_s=LOOK_AGAIN_S)


class Platforms(dict[str, Platform]):
    """Platforms by the name of their token; one that is not set refuses every call."""

    def __missing__(self, token: str) -> Platform:
        return NotSet()


def max_tokens(settings: Settings) -> Iterator[tuple[str, SecretStr]]:
    """The tokens of MAX by name: `max`, and `max:{name}` of each further account."""
    if settings.max_token is not None:
        yield "max", settings.max_token
    for name, token in settings.max_tokens.items():
        yield token_name("max", name), token


def requests_per_second(settings: Settings, token: str) -> int:
    return settings.vk_requests_per_second if token.startswith("vk") else settings.max_requests_per_second


@asynccontextmanager
async def open_platforms(settings: Settings, pacer: Pacer) -> AsyncIterator[Platforms]:
    """Clients of all platform accounts, on connections that are kept until the block is left."""
    async with AsyncExitStack() as stack:
        platforms = Platforms()
        for name, token in max_tokens(settings):
            client = max_client(
                settings.max_url,
                token.get_secret_value(),
                call_timeout_s=settings.call_timeout_s,
                partner_operations=settings.max_partner_operations,
                ca_file=settings.max_ca_file,
                slot=partial(pacer.slot, name),
            )
            platforms[name] = await stack.enter_async_context(client)
        yield platforms
