"""A sign-in at VK ID: bound to one session, used once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sync.ids import AccountId, OrganisationId, PersonId
from sync.linking.limits import SIGN_IN_FOR
from sync.linking.sealed import Sealed


@dataclass(frozen=True, slots=True)
class SignIn:
    """Before the browser came back: `state` as its digest, and `secret`, the verifier. Afterwards: `account`, and
    `secret` is who was shown.
    """

    session: str = field(repr=False)
    person_id: PersonId
    organisation_id: OrganisationId
    since: datetime
    state: str = field(repr=False)
    secret: Sealed
    account: AccountId | None = None

    def lasts(self, now: datetime) -> bool:
        return now < self.since + SIGN_IN_FOR
