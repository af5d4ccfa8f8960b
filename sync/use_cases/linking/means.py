"""What linking is done with, and what it looks up."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sync.ids import OrganisationId, PersonId
from sync.linking.request import Request
from sync.linking.texts import question
from sync.platform import token_name
from sync.ports.identity import MessengerIdentity, VkId
from sync.ports.linking import AccountEvents, Chance, LinkingStore, Messengers, PatientClock
from sync.ports.vault import Vault
from sync.views.persons import AccountView
from sync.views.registry import Registry

MAX, VK_ID = "max", "vk_id"


@dataclass(frozen=True, slots=True)
class VkSignIn:
    """VK ID, and the address of ours that browsers come back to."""

    vk_id: VkId
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Means:
    """The ports. Without `vk` nobody signs in there."""

    store: LinkingStore
    vault: Vault
    events: AccountEvents
    registry: Registry
    messengers: Messengers
    clock: PatientClock
    chance: Chance
    vk: VkSignIn | None = None

    async def account(self, person_id: PersonId, organisation_id: OrganisationId, provider: str) -> AccountView | None:
        """The person's account that counts in the school; of whom it does not know yet, the one that counts in all."""
        people = self.registry.people
        accounts = await people.accounts(person_id, frozenset({organisation_id}))
        if accounts is None:
            accounts = await people.accounts(person_id, None)
        return next((account for account in accounts or () if account.provider == provider), None)

    async def messenger(self, organisation_id: OrganisationId) -> MessengerIdentity | None:
        """The bot that the people of a school meet: of the account that makes its chats, if that is one on MAX."""
        school = await self.registry.schools.organisation(organisation_id)
        account = school.account if school is not None and school.platform == MAX else None
        return self.messengers.of(token_name(MAX, account or ""))

    async def question(self, request: Request) -> str:
        """What is asked in MAX."""
        school = await self.registry.schools.organisation(request.organisation_id)
        of_school = frozenset({request.organisation_id})
        person = await self.registry.people.person(request.person_id, of_school, self.clock.now())
        first, last = (person.first_name, person.last_name) if person is not None else (None, None)
        return question(first or "", last or "", (school.name if school is not None else "") or "")

    async def write(self, request: Request) -> bool:
        """Whether the request was still there."""
        async with self.store.linking() as tx:
            asking = await tx.requests.asking(request.person_id)
            there = asking.request is not None and asking.request.request_no == request.request_no
            if there:
                await tx.requests.write(replace(asking, request=request))
        return there
