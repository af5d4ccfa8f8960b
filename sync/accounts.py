"""Whose account is whose: the assertion that holds for a person, and the one person who holds an account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sync.ids import NO_EVENT, AccountId, EventNo, OrganisationId, PersonId
from sync.versions import Version, first_assertion, latest_assertion


@dataclass(frozen=True, slots=True)
class AccountAssertion:
    """What one event says about a person's account with a provider; an `external_user_id` of None is no account.
    Assertions are never dropped.
    """

    person_id: PersonId
    provider: str
    external_user_id: AccountId | None
    version: Version
    event_no: EventNo = NO_EVENT


OURS = "rollcall"
TICK = timedelta(microseconds=1)  # what is said now is later than what was said before


def own_source(token_id: str | None) -> str:
    """The source of events for what people do through Rollcall. For a token of some schools it is a source bound to
    those schools, and not one of the token's own, whose sequence ours could not continue.
    """
    return OURS if token_id is None else f"{OURS}/{token_id}"


Bounds = Mapping[str, frozenset[OrganisationId]]
"""The schools that sources are bound to. A source that is not in it is valid for all schools."""


def counts_in(organisation_id: OrganisationId, source: str, bounds: Bounds) -> bool:
    """Whether a source's assertions about accounts count in a school."""
    return source not in bounds or organisation_id in bounds[source]


def speak_together(source: str, other: str, bounds: Bounds) -> bool:
    """Whether there may be a school in which both sources count."""
    return source not in bounds or other not in bounds or not bounds[source].isdisjoint(bounds[other])


def by_person(assertions: Iterable[AccountAssertion]) -> dict[PersonId, list[AccountAssertion]]:
    """The assertions about accounts of one provider, by person."""
    histories: dict[PersonId, list[AccountAssertion]] = {}
    for assertion in assertions:
        histories.setdefault(assertion.person_id, []).append(assertion)
    return histories


class Histories:
    """The histories of one provider, indexed by person and by claimed account."""

    def __init__(self, assertions: Iterable[AccountAssertion]) -> None:
        self._of = by_person(assertions)
        self._claimants: dict[AccountId, set[PersonId]] = defaultdict(set)
        for person, history in self._of.items():
            for assertion in history:
                if assertion.external_user_id is not None:
                    self._claimants[assertion.external_user_id].add(person)

    def about(self, persons: Iterable[PersonId]) -> dict[PersonId, list[AccountAssertion]]:
        """The histories of these persons and of everybody who ever claimed one of their accounts."""
        own = {person: self._of[person] for person in persons if person in self._of}
        claimed = {assertion.external_user_id for history in own.values() for assertion in history}
        others = {other for account in claimed if account is not None for other in self._claimants[account]}
        return own | {other: self._of[other] for other in others - own.keys()}


def current_link(history: Sequence[AccountAssertion]) -> AccountAssertion | None:
    """The link that holds for one person at one provider; None where there is none, or it was undone."""
    assertion = latest_assertion(history)
    return assertion if assertion is not None and assertion.external_user_id is not None else None


def linked_accounts(history: Sequence[AccountAssertion], bounds: Bounds) -> set[AccountId]:
    """The accounts that one person is linked to at one provider, in whichever school; nearly always it is one."""
    schools = {school for of_source in bounds.values() for school in of_source}
    unbound = [assertion for assertion in history if assertion.version.source not in bounds]
    in_schools = [[each for each in history if counts_in(school, each.version.source, bounds)] for school in schools]
    links = (current_link(said) for said in (unbound, *in_schools))
    return {link.external_user_id for link in links if link is not None and link.external_user_id is not None}


def run_start(history: Iterable[AccountAssertion], link: AccountAssertion) -> AccountAssertion:
    """The first of the unbroken run of links to the same account, in the history of the source that holds."""
    own = [assertion for assertion in history if assertion.version.source == link.version.source]
    first = link
    if len(own) == 1:  # nearly always
        return first
    for assertion in sorted(own, key=lambda assertion: assertion.version.within_source, reverse=True):
        if assertion.external_user_id != link.external_user_id:
            break
        first = assertion
    return first


def holders(histories: Mapping[PersonId, Sequence[AccountAssertion]]) -> dict[AccountId, PersonId]:
    """Who holds each account of one provider, by external id, from the persons' histories.

    Of several persons linked to one account it is the one linked to it longest. The histories must be those of all
    who ever claimed one of the accounts.
    """
    claims: dict[AccountId, list[AccountAssertion]] = defaultdict(list)
    for history in histories.values():
        link = current_link(history)
        if link is not None and link.external_user_id is not None:
            claims[link.external_user_id].append(run_start(history, link))
    holding = {account: first_assertion(starts) for account, starts in claims.items()}
    return {account: assertion.person_id for account, assertion in holding.items() if assertion is not None}


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account at a provider, and whether another person holds it."""

    external_user_id: AccountId
    held_by_another: bool
    link: AccountAssertion


def accounts_in(
    organisation_id: OrganisationId, histories: Mapping[PersonId, Sequence[AccountAssertion]], bounds: Bounds
) -> dict[PersonId, Account]:
    """Each linked person's account of one provider, as it counts in a school; who is not linked is not in it."""
    if not bounds:
        return accounts_of(histories)
    return accounts_of(
        {
            person: [assertion for assertion in history if counts_in(organisation_id, assertion.version.source, bounds)]
            for person, history in histories.items()
        }
    )


def accounts_of(histories: Mapping[PersonId, Sequence[AccountAssertion]]) -> dict[PersonId, Account]:
    """Each linked person's account of one provider; who is not linked is not in it."""
    holder = holders(histories)
    found = {}
    for person_id, history in histories.items():
        link = current_link(history)
        if link is not None and link.external_user_id is not None:
            account = link.external_user_id
            found[person_id] = Account(account, holder[account] != person_id, link)
    return found
