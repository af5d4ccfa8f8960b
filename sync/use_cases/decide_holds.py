"""Decide holds: by a person, or by expiry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sync.affected import PERSON, Affected
from sync.ids import HoldNo
from sync.planning_scope import Cause
from sync.ports.holds import APPROVED, HELD, LET_GO, REJECTED, Decision, Undecided
from sync.ports.roster import RosterTransaction
from sync.ports.store import Store
from sync.use_cases.plan_scopes import PlanningRules, plan_scopes

NOBODY_DECIDED = Decision(REJECTED, "rollcall", "nobody decided in time")


class Verdict(Enum):
    """The outcome of a decision."""

    DONE = "done"
    NO_HOLD = "there is no such hold"
    APPROVED = "it was decided already: approved"
    REJECTED = "it was decided already: rejected"
    LET_GO = "nobody is held by it any more"
    TOO_LATE = "its time is over: it counts as rejected"
    STALLED = "the planning of its school fails"


CLOSED = {APPROVED: Verdict.APPROVED, REJECTED: Verdict.REJECTED, LET_GO: Verdict.LET_GO}


@dataclass(frozen=True, slots=True)
class Decided:
    """`persons`: how many were held by it until now."""

    verdict: Verdict
    persons: int = 0


def approval(by: str, why: str) -> Decision:
    return Decision(APPROVED, by, why)


def rejection(by: str, why: str) -> Decision:
    return Decision(REJECTED, by, why)


class _Undone(Exception):  # noqa: N818 - how a transaction is left without a commit
    """Roll back the decision of a school whose planning fails."""


async def decide_hold(
    store: Store, rules: PlanningRules, hold_no: HoldNo, decision: Decision, now: datetime
) -> Decided:
    """Apply or drop the changes that are still as the hold planned them, and nothing else: persons who came back, moved
    or were blocked since are no longer held by it. All or nothing. Raises StoreUnavailable (retriable).
    """
    try:
        async with store.planning() as tx:
            return await _decide(tx, rules, hold_no, decision, now)
    except _Undone:
        return Decided(Verdict.STALLED)


async def _decide(
    tx: RosterTransaction, rules: PlanningRules, hold_no: HoldNo, decision: Decision, now: datetime
) -> Decided:
    known = await tx.holds.find(hold_no)
    if known is None:
        return Decided(Verdict.NO_HOLD)
    organisations = await tx.schools.lock([known.organisation_id])
    refused = _refused(await tx.holds.find(hold_no), decision, now)  # once more: nobody else decides now
    if refused is not None:
        return Decided(refused)
    carriers = await tx.holds.carriers(hold_no)
    await tx.holds.decide(hold_no, decision, now)
    affected = {
        Affected(known.organisation_id, PERSON, person): Cause(cause_no, by_event=False)
        for person, cause_no in carriers.items()
    }
    decided = {hold_no: decision.state == APPROVED}
    batch = await plan_scopes(tx, organisations, affected, rules, now, decided=decided)
    if batch.stalled:
        raise _Undone
    return Decided(Verdict.DONE, len(carriers))


def _refused(hold: Undecided | None, decision: Decision, now: datetime) -> Verdict | None:
    if hold is None:
        return Verdict.NO_HOLD
    if hold.state != HELD:
        return CLOSED[hold.state]
    return Verdict.TOO_LATE if hold.expires_at <= now and decision is not NOBODY_DECIDED else None


async def expire_holds(store: Store, rules: PlanningRules, now: datetime, limit: int = 20) -> int:
    """Reject up to `limit` expired holds. Return how many. Any process may call it.

    A hold whose school's planning fails waits until that works again. Raises StoreUnavailable (retriable).
    """
    async with store.planning() as tx:
        over = await tx.holds.expired(now, limit)
    decided = [await decide_hold(store, rules, hold.hold_no, NOBODY_DECIDED, now) for hold in over]
    return sum(each.verdict is Verdict.DONE for each in decided)
