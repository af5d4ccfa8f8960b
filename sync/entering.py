"""Who comes in at the door: systems that may sign people in, and a person's time on our pages. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sync.ids import OrganisationId, PersonId

STUDENT, GUARDIAN, EMPLOYEE, SCHOOL_ADMIN = "student", "guardian", "employee", "school_admin"
LINK, CHATS, CONFERENCES, REGISTRY, SECURITY = "link", "chats", "conferences", "registry", "security"

IDLE = timedelta(minutes=30)  # long enough to confirm in MAX or to recover a password of VK ID
LONGEST = timedelta(hours=4)  # then the school's system says once more who it is
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Issuer:
    """A system that may sign people in. `public_key` is PEM, of Ed25519; `origins` are where people may be led back;
    `product` chooses its profile; without `organisations` it speaks for all schools; `region` is a code, where the
    profile asks for one.
    """

    iss: str
    public_key: str
    origins: Sequence[str]
    product: str
    region: str | None = None
    organisations: Sequence[OrganisationId] = ()

    def speaks_for(self, organisation_id: OrganisationId) -> bool:
        return not self.organisations or organisation_id in self.organisations


@dataclass(frozen=True, slots=True)
class Entry:
    """Whom a hand-over brings, as who, and where they want to go. `return_url` is under one of the issuer's origins."""

    iss: str
    person_id: PersonId
    organisation_id: OrganisationId
    role: str
    page: str
    return_url: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A person's time on our pages. `id` is nothing that opens it: what does is kept by the browser alone."""

    id: str
    entry: Entry
    began_at: datetime
    used_at: datetime

    def good(self, now: datetime) -> bool:
        """Whether it may be gone on with: used lately, and not begun too long ago."""
        return self.began_at <= now < min(self.used_at + IDLE, self.began_at + LONGEST)

    def use_to_be_noted(self, now: datetime) -> bool:
        """Whether its use is worth a transaction."""
        return now - self.used_at >= NOTED_EVERY
