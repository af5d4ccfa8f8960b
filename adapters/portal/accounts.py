"""Which accounts a person's schools need, and where the person stands with each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adapters.portal.dependencies import Portal
from adapters.portal.guests import Guest
from adapters.portal.profiles import Way
from adapters.portal.words import CATALOGUE
from sync.ids import OrganisationId
from sync.linking.outcomes import Linked, Standing
from sync.platform import PROVIDERS
from sync.views.persons import MembershipView
from sync.views.registry import Window


@dataclass(frozen=True, slots=True)
class Account:
    """One provider that the schools need: how it is linked, and where the person stands."""

    provider: str
    way: Way
    standing: Standing

    @property
    def called(self) -> str:
        return CATALOGUE["provider"][self.provider]

    @property
    def linked(self) -> Linked | None:
        step = self.standing.step
        return step if isinstance(step, Linked) else None

    @property
    def elsewhere(self) -> str | None:
        """The other provider by its name, where an account of that one is linked and this one is not."""
        elsewhere = self.standing.elsewhere
        return None if elsewhere is None or self.linked else CATALOGUE["provider"][elsewhere]


async def memberships_of(portal: Portal, guest: Guest) -> Sequence[MembershipView]:
    listed = await portal.registry.people.memberships(guest.entry.person_id, guest.schools, Window(limit=MOST))
    return listed.items if listed is not None else ()


async def accounts_of(portal: Portal, guest: Guest, memberships: Iterable[MembershipView]) -> list[Account]:
    """Those that are needed, the one of the school they came for first."""
    others = {each.organisation_id for each in memberships} - {guest.school.organisation_id}
    schools = {PROVIDERS[guest.school.platform]: guest.school.organisation_id}
    for provider, school in await _needed_by(portal, others):
        schools.setdefault(provider, school)
    return [await account_of(portal, guest, provider, school) for provider, school in schools.items()]


async def account_of(portal: Portal, guest: Guest, provider: str, school: OrganisationId) -> Account:
    standing = await portal.linking.standing(guest.entry.person_id, school, provider)
    return Account(provider, guest.words.link.of(provider), standing)


async def _needed_by(portal: Portal, schools: set[OrganisationId]) -> list[tuple[str, OrganisationId]]:
    if not schools:
        return []
    listed = await portal.registry.schools.organisations(frozenset(schools), Window(limit=MOST))
    return [(PROVIDERS[school.platform], school.organisation_id) for school in listed.items]


MOST = 1_000  # chats of one person, or schools; nobody has fifty
