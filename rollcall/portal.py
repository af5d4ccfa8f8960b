"""The pages of a person, put together: who may sign people in and who is in, by the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from starlette.types import ASGIApp

from adapters.database.issuers import find_issuer
from adapters.database.sessions import begin_session, end_session, find_session, note_session, use_hand_over
from adapters.database.store import Database
from adapters.portal.app import PATHS, portal_app
from adapters.portal.dependencies import Portal
from adapters.portal.hand_over import HandOver, origin_of
from adapters.portal.profiles import OWN, ProfileError, Profiles, read_profiles
from rollcall.app import App
from rollcall.output import Exit, Failed
from rollcall.settings import Settings
from sync.entering import Issuer, Session

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class StoredDoor:
    """The door by the database; what each does is said by the port `Door`."""

    database: Database

    async def issuer(self, iss: str) -> Issuer | None:
        async with self.database.reading() as connection:
            return await find_issuer(connection, iss)

    async def enter(self, hand_over: HandOver, formerly: str | None, now: datetime) -> str | None:
        async with self.database.writing() as connection:
            entry = hand_over.entry
            if not await use_hand_over(connection, entry.iss, hand_over.jti, hand_over.expires_at):
                return None
            if formerly is not None:
                await end_session(connection, formerly)
            return await begin_session(connection, entry, now)

    async def session(self, shown: str, now: datetime) -> Session | None:
        async with self.database.reading() as connection:
            session = await find_session(connection, shown, now)
        if session is not None and session.use_to_be_noted(now):
            async with self.database.writing() as connection:
                await note_session(connection, session.id, now)
        return session

    async def leave(self, shown: str) -> None:
        async with self.database.writing() as connection:
            await end_session(connection, shown)


def address_of_pages(settings: Settings) -> str | None:
    """Where people reach the pages: PUBLIC_URL; None where it is not set, or has a path: no page answers under one."""
    public_url = (settings.public_url or "").rstrip("/")
    return public_url if public_url and origin_of(public_url) == public_url else None


def profiles_of(settings: Settings) -> Profiles:
    """Our own profiles, and those of PROFILES. Raises Failed where one makes no sense."""
    try:
        return read_profiles([OWN, *([settings.profiles] if settings.profiles is not None else [])])
    except ProfileError as error:
        raise Failed(str(error), Exit.WRONG_USAGE) from error


def pages_of(app: App) -> Mapping[str, ASGIApp]:
    """The pages of a person, by the paths they answer at; none where nobody knows their address, or nothing links.

    Raises:
        Failed: a profile makes no sense.
    """
    settings = app.settings
    public_url = address_of_pages(settings)
    if app.linking is None:
        return {}
    if public_url is None:
        log.info("portal.off", public_url="not set" if settings.public_url is None else "not an address without a path")
        return {}
    portal = Portal(
        door=StoredDoor(app.database),
        registry=app.registry,
        profiles=profiles_of(settings),
        now=app.clock.now,
        public_url=public_url,
        close_notice=app.close_notice,
        linking=app.linking,
        homes={"max": settings.max_home_url, "vk_id": settings.vk_home_url},
        vk_id_url=settings.vk_id_url if settings.vk_client_id is not None else None,
    )
    return dict.fromkeys(PATHS, portal_app(portal))
