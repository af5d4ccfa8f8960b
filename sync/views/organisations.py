"""What is shown of a school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OrganisationView:
    organisation_id: str
    name: str
    time_zone: str
    sis: str | None
    platform: str
    account: str | None
    chat_administrator_id: str | None
    day: date | None
