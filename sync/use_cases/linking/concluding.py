"""The end of it: whoever has proven that an account is theirs is linked, or told that it is somebody else's."""

from __future__ import annotations

from dataclasses import replace

from sync.ids import AccountId, PersonId
from sync.linking.outcomes import HeldByAnother, Linked
from sync.linking.request import Phase, Request
from sync.ports.linking import LinkedPhone, NobodysAccount
from sync.use_cases.linking.means import MAX, Means


async def conclude(means: Means, request: Request, account: AccountId) -> Linked | HeldByAnother:
    """Links by a request. Again it changes nothing: the event has its number.

    Of an account that somebody else holds it is said, too: whoever has proven that it is theirs has it once the other
    unlinks, or has left every school.
    """
    person = request.person_id
    try:
        said = await means.events.linked(person, MAX, account, event_id=f"link {request.request_no}")
    except NobodysAccount:
        await means.write(request.came_to(Phase.HELD))
        return HeldByAnother()
    held = said.view is not None and said.view.held_by_another
    phase = Phase.HELD if held else Phase.LINKED if said.queued else Phase.DONE
    async with means.store.linking() as tx:
        asking = await tx.requests.asking(person)
        if asking.request is not None and asking.request.request_no == request.request_no:
            came_to = replace(request, phase=phase, account=account, asked_at=means.clock.now())
            await tx.requests.write(replace(asking, request=came_to))
        await tx.phones.keep(LinkedPhone(person, MAX, account, request.phone))
    return HeldByAnother() if held else Linked(account, means.vault.open_phone(request.phone, person))


async def phone_of_link(means: Means, person_id: PersonId, provider: str, account: AccountId) -> str | None:
    """The phone of the account that a person is linked to, whole; None where it is not known."""
    async with means.store.reading_links() as rows:
        kept = await rows.phone(person_id, provider)
    return means.vault.open_phone(kept.phone, person_id) if kept is not None and kept.account == account else None
