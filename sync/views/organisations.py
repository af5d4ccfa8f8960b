"""What is shown of a school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sync.ids import OrganisationId


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """`strangers`: ask, revert or adopt; `titles`: revert or keep; what is done about what people do in its chats.
    `moving`: how many chats still stand on a platform that the school has left, until their new ones are filled.
    """

    organisation_id: OrganisationId
    name: str
    time_zone: str
    sis: str | None
    platform: str
    account: str | None
    chat_administrator_id: str | None
    day: date | None
    strangers: str
    titles: str
    moving: int = 0
