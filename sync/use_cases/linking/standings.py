"""Where a person stands with an account: what the page shows."""

from __future__ import annotations

from sync.ids import OrganisationId, PersonId
from sync.linking.outcomes import HeldByAnother, Linked, NotLinked, Standing, Step
from sync.linking.request import step_of
from sync.platform import PROVIDERS
from sync.use_cases.linking.concluding import phone_of_link
from sync.use_cases.linking.means import MAX, VK_ID, Means
from sync.views.registry import Window

OTHER = {MAX: VK_ID, VK_ID: MAX}
FOR_AN_ACCOUNT = frozenset({"account", "account_held_by_another_person"})
MOST = 1_000  # chats of one person


async def standing(means: Means, person_id: PersonId, organisation_id: OrganisationId, provider: str) -> Standing:
    other = await means.account(person_id, organisation_id, OTHER[provider])
    elsewhere = OTHER[provider] if other is not None else None
    account = await means.account(person_id, organisation_id, provider)
    if account is not None and not account.held_by_another:
        phone = await phone_of_link(means, person_id, provider, account.external_user_id)
        return Standing(Linked(account.external_user_id, phone), 0, elsewhere)
    step = await _of_request(means, person_id, provider)
    if step is None:
        step = NotLinked() if account is None else HeldByAnother()
    return Standing(step, await _chats_waiting(means, person_id, provider), elsewhere)


async def _of_request(means: Means, person_id: PersonId, provider: str) -> Step | None:
    """Requests are of MAX alone."""
    if provider != MAX:
        return None
    async with means.store.reading_links() as rows:
        request = await rows.request(person_id)
    if request is None:
        return None
    messenger = await means.messenger(request.organisation_id)
    step = step_of(request, means.clock.now(), messenger.deep_link(request.start) if messenger is not None else None)
    if isinstance(step, Linked):
        return Linked(step.account, means.vault.open_phone(request.phone, person_id))
    return step


async def _chats_waiting(means: Means, person_id: PersonId, provider: str) -> int:
    """The chats that the person comes into by an account of the provider, in whichever school."""
    listed = await means.registry.people.memberships(person_id, None, Window(limit=MOST))
    waiting = [each for each in listed.items if each.waits_for in FOR_AN_ACCOUNT] if listed is not None else []
    schools = {each.organisation_id for each in waiting}
    views = {school: await means.registry.schools.organisation(school) for school in schools}
    on = {school for school, view in views.items() if view is not None and PROVIDERS[view.platform] == provider}
    return sum(each.organisation_id in on for each in waiting)
