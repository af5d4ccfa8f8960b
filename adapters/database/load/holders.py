"""The holders of accounts: persons known to schools."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import FromClause, select

from adapters.database.bulk import Bulk
from adapters.database.load.accounts import StoredAccounts
from adapters.database.schema import account_assertions
from sync.accounts import Histories, accounts_in
from sync.ids import PersonId
from sync.platform import PROVIDERS
from sync.ports.present import AccountIn


async def holders(bulk: Bulk, accounts: Collection[AccountIn]) -> dict[AccountIn, PersonId]:
    """As the port says."""
    named = [(account,) for account in sorted({account for _, _, account in accounts})]
    claimants = await bulk.ask(_claimants, [account_assertions.c.external_user_id], named, [PERSON])
    if not claimants:
        return {}
    stored = StoredAccounts(bulk)
    persons = {row.person_id for row in claimants}
    said = await stored.histories(persons)
    bounds = await stored.bounds({each.version.source for history in said.values() for each in history})
    known = set(await stored.ties(persons))
    histories = {platform: Histories(said.get(provider, ())) for platform, provider in PROVIDERS.items()}
    found: dict[AccountIn, PersonId] = {}
    for school, platform in sorted({(school, platform) for school, platform, _ in accounts}):
        about = histories[platform].about(persons)
        for person, account in accounts_in(school, about, bounds).items():
            key = school, platform, account.external_user_id
            if key in accounts and not account.held_by_another and (school, person) in known:
                found[key] = person
    return found


PERSON = account_assertions.c.person_id


def _claimants(given: FromClause) -> Any:
    same = account_assertions.c.external_user_id == given.c.external_user_id
    return select(PERSON).select_from(given).join(account_assertions, same).distinct()
