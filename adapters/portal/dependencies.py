"""What the pages of a person depend on: the ports that they are given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Protocol

from fastapi import Depends, Request

from adapters.portal.hand_over import HandOver, origin_of
from adapters.portal.profiles import Profiles
from sync.entering import Issuer, Session
from sync.ids import OrganisationId, PersonId
from sync.use_cases.linking.linking import Linking
from sync.views.registry import Registry


class Door(Protocol):
    """Who may sign people in, and who is in. All raise StoreUnavailable (retriable)."""

    async def issuer(self, iss: str) -> Issuer | None: ...

    async def enter(self, hand_over: HandOver, formerly: str | None, now: datetime) -> str | None:
        """Uses a hand-over: gives what the browser is to show from now on, and ends what it showed `formerly`; None
        where the hand-over was used before.
        """

    async def session(self, shown: str, now: datetime) -> Session | None:
        """The session that a browser shows; None where it is over, or never was. Its use is noted."""

    async def leave(self, shown: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Portal:
    """All that the pages are given. `public_url`: where people reach us, without a slash at its end; `homes`: where
    each provider's messenger opens; `vk_id_url`: where VK ID signs people in; `close_notice` takes an
    organisation and a student.
    """

    door: Door
    registry: Registry
    profiles: Profiles
    now: Callable[[], datetime]
    public_url: str
    close_notice: Callable[[OrganisationId, PersonId], Awaitable[bool]]
    linking: Linking
    homes: Mapping[str, str] = field(default_factory=dict)
    vk_id_url: str | None = None

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def origin(self) -> str:
        """As browsers write it. Raises ValueError where PUBLIC_URL is no address."""
        origin = origin_of(self.public_url)
        if origin is None:
            raise ValueError("PUBLIC_URL should be an address of the web, http:// or https://")
        return origin


def _portal(request: Request) -> Portal:
    portal: Portal = request.app.state.portal
    return portal


Given = Annotated[Portal, Depends(_portal)]
