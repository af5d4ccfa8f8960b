"""The chat platforms that the settings name, by the name that rooms know their token by."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from typing import NoReturn

import structlog
from pydantic import SecretStr

from adapters.max.client import AT_ONCE, MaxClient, max_client
from adapters.vk.client import VkClient, vk_client
from rollcall.settings import Settings
from rollcall.trust import trusting
from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.platform import Capabilities, ChatSeen, Platform, Refusal, token_name
from sync.ports.clocks import Pacer

log = structlog.get_logger()

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

    async def archive_chat(self, chat: str, title: str) -> None:  # noqa: ARG002
        self._refuse()

    async def add_members(self, chat: str, accounts: Sequence[AccountId]) -> Mapping[AccountId, Refusal]:  # noqa: ARG002
        self._refuse()

    async def write_message(self, chat: str, text: str) -> None:  # noqa: ARG002
        self._refuse()

    async def remove_member(self, chat: str, account: AccountId) -> None:  # noqa: ARG002
        self._refuse()

    async def grant_admin(self, chat: str, accounts: Sequence[AccountId]) -> None:  # noqa: ARG002
        self._refuse()

    async def revoke_admin(self, chat: str, account: AccountId) -> None:  # noqa: ARG002
        self._refuse()

    async def read_members(self, chat: str, accounts: Sequence[AccountId]) -> Mapping[AccountId, str]:  # noqa: ARG002
        self._refuse()

    async def list_members(self, chat: str) -> Mapping[AccountId, str]:  # noqa: ARG002
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise PlatformError(Failure.CREDENTIALS, "token.not.set", retry_after_s=LOOK_AGAIN_S)


class Platforms(dict[str, Platform]):
    """Platforms by the name of their token; one that is not set refuses every call."""

    def __missing__(self, token: str) -> Platform:
        return NotSet()


def tokens_of(platform: str, first: SecretStr | None, further: Mapping[str, SecretStr]) -> Iterator[tuple[str, str]]:
    """A platform's tokens by name: that of the platform, and `{platform}:{name}` of each further account."""
    if first is not None:
        yield platform, first.get_secret_value()
    for name, token in further.items():
        yield token_name(platform, name), token.get_secret_value()


def rights_told(token: str) -> Callable[[str, Sequence[str]], None]:
    """Report once for each chat which rights we lack there, and when we have them again."""
    before: dict[str, tuple[str, ...]] = {}

    def tell(chat: str, lacking: Sequence[str]) -> None:
        if tuple(lacking) == before.get(chat, ()):
            return
        before[chat] = tuple(lacking)
        if not lacking:
            log.info("chat.rights_given", token=token, chat=chat)
        else:
            unheard = {"updates": "not told of this chat"} if "read_all_messages" in lacking else {}
            log.warning("chat.rights_lacking", token=token, chat=chat, rights=list(lacking), **unheard)

    return tell


def requests_per_second(settings: Settings, token: str) -> int:
    of_vk = token.partition(":")[0] == "vk"
    return settings.vk_requests_per_second if of_vk else settings.max_requests_per_second


def looking_platforms(platforms: Mapping[str, Platform], pacer: Pacer) -> dict[str, Platform]:
    """The same platform accounts, with requests paced as looks."""
    return {
        token: platform.paced(partial(pacer.slot, token, look=True))
        if isinstance(platform, MaxClient | VkClient)
        else platform
        for token, platform in platforms.items()
    }


@asynccontextmanager
async def open_platforms(settings: Settings, pacer: Pacer) -> AsyncIterator[Platforms]:
    """Clients of all platform accounts, on connections that are kept until the block is left.

    Raises:
        SettingsError: the file of authorities cannot be used.
    """
    tls = trusting("max_ca_file", settings.max_ca_file)
    async with AsyncExitStack() as stack:
        platforms = Platforms()
        for name, client in (*_on_max(settings, pacer, tls), *_on_vk(settings, pacer)):
            platforms[name] = await stack.enter_async_context(client)
        yield platforms


Clients = Iterator[tuple[str, AbstractAsyncContextManager[Platform]]]


def _on_max(settings: Settings, pacer: Pacer, tls: ssl.SSLContext) -> Clients:
    for name, token in tokens_of("max", settings.max_token, settings.max_tokens):
        yield (
            name,
            max_client(
                settings.max_url,
                token,
                call_timeout_s=settings.call_timeout_s,
                partner_operations=settings.max_partner_operations,
                tls=tls,
                slot=partial(pacer.slot, name),
                tell_rights=rights_told(name),
            ),
        )


def _on_vk(settings: Settings, pacer: Pacer) -> Clients:
    for name, token in tokens_of("vk", settings.vk_token, settings.vk_tokens):
        slot, rights = partial(pacer.slot, name), rights_told(name)
        timeout_s = settings.call_timeout_s
        yield name, vk_client(settings.vk_url, token, call_timeout_s=timeout_s, slot=slot, tell_rights=rights)
