"""Choose the platform account that a school's chats are to be made by."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import Enum

from sync.affected import EVERYBODY, Affected
from sync.ids import NO_EVENT, OrganisationId
from sync.planning_scope import Cause
from sync.platform import token_name
from sync.ports.store import Store


class Choice(Enum):
    """The outcome of a choice."""

    CHOSEN = "chosen"
    NO_SCHOOL = "nobody has registered this school"
    NOT_SET = "no token of this account is among the settings"
    CHATS_STAND = "the school has chats on the platform it is to leave"


async def choose_account(
    store: Store,
    tokens: Collection[str],
    organisation_id: OrganisationId,
    platform: str | None,
    account: str | None,
    *,
    now: datetime,
) -> Choice:
    """Existing chats stay with the account that made them; new chats are made by the chosen one.

    `tokens`: the names of the accounts that are set. None leaves the platform, or the account, as it is. Raises
    StoreUnavailable (retriable).
    """
    async with store.planning() as tx:
        before = await tx.schools.chosen_account(organisation_id)
        if before is None:
            return Choice.NO_SCHOOL
        moves = platform is not None and platform != before.platform
        after = before._replace(
            platform=platform or before.platform,
            account=account if account is not None else "" if moves else before.account,
        )
        if token_name(after.platform, after.account) not in tokens:
            return Choice.NOT_SET
        if moves and before.chats:
            return Choice.CHATS_STAND
        await tx.schools.choose_account(organisation_id, after.platform, after.account)
        if moves:  # people stand in its chats with other accounts
            await tx.affected.add(
                {Affected(organisation_id, EVERYBODY, organisation_id): Cause(NO_EVENT, by_event=False)}, now
            )
    return Choice.CHOSEN
