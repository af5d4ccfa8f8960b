"""Choose the platform account that a school's chats are to be made by; on another platform, its chats move there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sync.affected import EVERYBODY, Affected
from sync.ids import NO_EVENT, OrganisationId
from sync.plan.actions import Action, actions
from sync.planning_scope import Cause
from sync.platform import token_name
from sync.ports.holds import Hold
from sync.ports.plans import Batch
from sync.ports.roster import RosterTransaction
from sync.ports.store import Store
from sync.use_cases.plan_scopes import PlanningRules, plan_scopes

NOT_BY_EVENT = Cause(NO_EVENT, by_event=False)


class Choice(Enum):
    """The outcome of a choice."""

    CHOSEN = "chosen"
    NO_SCHOOL = "nobody has registered this school"
    NOT_SET = "no token of this account is among the settings"
    STALLED = "the planning of this school fails"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a choice would do: its lines, who waits for an account included; what of it a guard would hold. `moves`:
    whether chats that stand would move to another platform; else nothing that stands is changed.
    """

    choice: Choice
    moves: bool = False
    lines: Sequence[Action] = ()
    holds: Sequence[Hold] = ()


async def choose_account(
    store: Store,
    tokens: Collection[str],
    organisation_id: OrganisationId,
    platform: str | None,
    account: str | None,
    *,
    now: datetime,
) -> Choice:
    """Existing chats stay with the account that made them, unless the platform is another: then new ones are made
    there, and the existing ones are told and left once the new ones are filled. Chats still to be made are of the new
    account.

    `tokens`: the names of the accounts that are set. None leaves the platform, or the account, as it is. Raises
    StoreUnavailable (retriable).
    """
    async with store.planning() as tx:
        choice, moves = await _choose(tx, tokens, organisation_id, platform, account)
        if choice is Choice.CHOSEN and moves:  # people stand in its chats with other accounts
            everybody = Affected(organisation_id, EVERYBODY, organisation_id)
            await tx.affected.add({everybody: NOT_BY_EVENT}, now)
    return choice


async def show_choice(
    store: Store,
    tokens: Collection[str],
    organisation_id: OrganisationId,
    platform: str | None,
    account: str | None,
    *,
    rules: PlanningRules,
    now: datetime,
) -> Shown:
    """Says what `choose_account` would do, to the end, as things are now; writes nothing, and holds the school's lock
    for as long. Raises StoreUnavailable (retriable).
    """
    try:
        async with store.planning() as tx:
            organisations = await tx.schools.lock([organisation_id])
            stand = await tx.schools.chosen_account(organisation_id)
            choice, moves = await _choose(tx, tokens, organisation_id, platform, account)
            if choice is not Choice.CHOSEN or not moves:
                raise _Undone(Shown(choice))  # noqa: TRY301 - so nothing is committed
            everybody = {Affected(organisation_id, EVERYBODY, organisation_id): NOT_BY_EVENT}
            batch = await plan_scopes(tx, organisations, everybody, rules, now, as_if_filled=True)
            raise _Undone(_shown(batch, stand is not None and stand.chats > 0))  # noqa: TRY301
    except _Undone as undone:
        return undone.shown


class _Undone(Exception):  # noqa: N818 - how a transaction is left without a commit
    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self.shown = shown


def _shown(batch: Batch, moves: bool) -> Shown:  # noqa: FBT001 - a fact
    if batch.stalled:
        return Shown(Choice.STALLED)
    [made] = batch.plans
    lines = actions(made, batch.rooms[made.organisation_id], waiting=True)
    told = [line for line in lines if line.action != "remove_member" or line.external_user_id is not None]
    return Shown(Choice.CHOSEN, moves, told, batch.holds)


async def _choose(
    tx: RosterTransaction,
    tokens: Collection[str],
    organisation_id: OrganisationId,
    platform: str | None,
    account: str | None,
) -> tuple[Choice, bool]:
    """Gives whether it is another platform, too."""
    before = await tx.schools.chosen_account(organisation_id)
    if before is None:
        return Choice.NO_SCHOOL, False
    after = platform or before.platform
    moves = after != before.platform
    chosen = account if account is not None else "" if moves else before.account
    if token_name(after, chosen) not in tokens:
        return Choice.NOT_SET, moves
    await tx.schools.choose_account(organisation_id, after, chosen)
    return Choice.CHOSEN, moves
