"""Linking, put together: by the database, the bots, VK ID, the secret, and what nobody guesses."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from uuid import uuid4

from adapters.max.client import MaxClient
from adapters.portal.pages import VK_BACK
from adapters.vault import SecretVault
from adapters.vk_id.client import vk_id_client
from events.own_events import OwnEvents
from rollcall.app import App
from rollcall.portal import address_of_pages
from rollcall.roles import Role
from rollcall.secret_key import secrets_of
from rollcall.settings import Settings
from rollcall.workers import noticed
from sync.ports.identity import MessengerIdentity, VkId
from sync.use_cases.linking.linking import Linking
from sync.use_cases.linking.means import Means, VkSignIn

SECRET = 32  # bytes


class SystemChance:
    """What the operating system makes of chance."""

    def secret(self) -> str:
        return secrets.token_urlsafe(SECRET)

    def number(self) -> int:
        return 1 + secrets.randbelow(2**62)

    def code(self, digits: int) -> str:
        return f"{secrets.randbelow(10**digits):0{digits}}"


@dataclass(frozen=True, slots=True)
class Bots:
    """The bots of the platform accounts, by the names of their tokens."""

    bots: Mapping[str, MessengerIdentity]

    def of(self, token: str) -> MessengerIdentity | None:
        return self.bots.get(token)


def bots_of(app: App) -> Bots:
    """Deep links lead to the first account's bot: of the others nobody told us the name."""
    name = app.settings.max_bot_name
    return Bots(
        {
            token: client.identity(name if token == "max" else None)  # noqa: S105 - its name
            for token, client in app.dispatch.platforms.items()
            if isinstance(client, MaxClient)
        }
    )


def own_events(app: App) -> OwnEvents:
    """What we say ourselves: onto the topics where there are some, else taken in at once."""
    intake = app.intake(noticed(app)) if app.topics is None else app.topics.onto
    return OwnEvents(app.registry.people, intake, app.clock.now, lambda: str(uuid4()))


@asynccontextmanager
async def open_linking(app: App, role: Role) -> AsyncIterator[App]:
    """The application with what links people's accounts, where the role serves people or hears them.

    Raises:
        Failed: there is no secret.
    """
    if not (role.web or role.hears):
        yield app
        return
    async with open_vk_id(app.settings) as vk_id:
        yield replace(app, linking=linking_of(app, vk_id, back_from_vk_id(app.settings)))


@asynccontextmanager
async def open_vk_id(settings: Settings) -> AsyncIterator[VkId | None]:
    """VK ID, where the application that we are there is set."""
    if settings.vk_client_id is None:
        yield None
        return
    timeout_s = settings.call_timeout_s
    async with vk_id_client(settings.vk_id_url, settings.vk_client_id, call_timeout_s=timeout_s) as client:
        yield client


def back_from_vk_id(settings: Settings) -> str | None:
    """The address of ours that browsers come back to from VK ID; None where no page answers."""
    address = address_of_pages(settings)
    return f"{address}{VK_BACK}" if address is not None else None


def linking_of(app: App, vk_id: VkId | None = None, vk_back: str | None = None) -> Linking:
    """`vk_back`: where browsers come back to from VK ID.

    Raises:
        Failed: there is no secret.
    """
    return Linking(
        Means(
            app.database,
            SecretVault(secrets_of(app.settings)),
            own_events(app),
            app.registry,
            bots_of(app),
            app.clock,
            SystemChance(),
            VkSignIn(vk_id, vk_back) if vk_id is not None and vk_back is not None else None,
        )
    )
