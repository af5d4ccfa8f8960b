"""What is shown of a school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sync.ids import OrganisationId, PersonId


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """`strangers`: ask, revert or adopt; `titles`: revert or keep; what is done about what people do in its chats;
    `sign_in_url`: where its people sign in to its system, null while nobody has said so. `moving`: how many chats
    still stand on a platform that the school has left, until their new ones are filled.
    """

    organisation_id: OrganisationId
    name: str
    time_zone: str
    sis: str | None
    platform: str
    account: str | None
    chat_administrator_id: PersonId | None
    day: date | None
    strangers: str
    titles: str
    sign_in_url: str | None
    moving: int = 0
