"""Whose account is whose: the word that holds for a person, and the one person who holds an account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sync.versions import Version, first_word, last_word


@dataclass(frozen=True, slots=True)
class AccountWord:
    """What one event says of a person's account with a provider; None is no account. None of them is ever dropped."""

    person_id: str
    provider: str
    external_user_id: str | None
    version: Version
    event_no: int = 0


Bounds = Mapping[str, frozenset[str]]
"""The schools that sources are bound to. A source that is not in it speaks for all of them."""


def counts_in(organisation_id: str, source: str, bounds: Bounds) -> bool:
    """Whether what a source says of accounts counts in a school."""
    return source not in bounds or organisation_id in bounds[source]


def speak_together(source: str, other: str, bounds: Bounds) -> bool:
    """Whether there may be a school in which both sources count."""
    return source not in bounds or other not in bounds or not bounds[source].isdisjoint(bounds[other])


def _version(word: AccountWord) -> Version:
    return word.version


def by_person(words: Iterable[AccountWord]) -> Mapping[str, list[AccountWord]]:
    """Words of one provider as the histories of their persons."""
    histories: dict[str, list[AccountWord]] = defaultdict(list)
    for word in words:
        histories[word.person_id].append(word)
    return histories


def current_link(history: Iterable[AccountWord]) -> AccountWord | None:
    """The link that holds for one person at one provider; None where there is none, or it was undone."""
    word = last_word(history, _version)
    return word if word is not None and word.external_user_id is not None else None


def run_start(history: Iterable[AccountWord], link: AccountWord) -> AccountWord:
    """The first of the unbroken run of links to the same account, in the history of the source whose word holds."""
    own = [word for word in history if word.version.source == link.version.source]
    first = link
    for word in sorted(own, key=lambda word: word.version.within_source, reverse=True):
        if word.external_user_id != link.external_user_id:
            break
        first = word
    return first


def holders(histories: Mapping[str, Sequence[AccountWord]]) -> dict[str, str]:
    """Who holds each account of one provider, by external id, from the persons' histories.

    Of several persons linked to one account it is the one linked to it longest. The histories must be those of all
    who ever claimed one of the accounts.
    """
    claims: dict[str, list[AccountWord]] = defaultdict(list)
    for history in histories.values():
        link = current_link(history)
        if link is not None and link.external_user_id is not None:
            claims[link.external_user_id].append(run_start(history, link))
    holding = {account: first_word(starts, _version) for account, starts in claims.items()}
    return {account: word.person_id for account, word in holding.items() if word is not None}


@dataclass(frozen=True, slots=True)
class Account:
    """A person's place at a provider: the account linked to, and whether it is somebody else's."""

    external_user_id: str
    held_by_another: bool
    link: AccountWord


def accounts_in(
    organisation_id: str, histories: Mapping[str, Sequence[AccountWord]], bounds: Bounds
) -> dict[str, Account]:
    """Each linked person's account of one provider, as it counts in a school; who is not linked is not in it."""
    counting = {
        person: [word for word in history if counts_in(organisation_id, word.version.source, bounds)]
        for person, history in histories.items()
    }
    return accounts_of(counting if bounds else histories)


def accounts_of(histories: Mapping[str, Sequence[AccountWord]]) -> dict[str, Account]:
    """Each linked person's account of one provider; who is not linked is not in it."""
    holder = holders(histories)
    found = {}
    for person_id, history in histories.items():
        link = current_link(history)
        if link is not None and link.external_user_id is not None:
            account = link.external_user_id
            found[person_id] = Account(account, holder[account] != person_id, link)
    return found
