"""What planning everybody of a school anew would do, as a reconcile that applies does: planned, and undone again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sync.affected import EVERYBODY, Affected
from sync.ids import NO_EVENT, ChatId, OrganisationId, RoomNo
from sync.looks import PLANNED, Difference
from sync.places import ADMIN, IN, NOBODY, OUT, Room
from sync.plan import PlaceChange, Plan
from sync.plan.actions import actions
from sync.planning_scope import Cause
from sync.ports.plans import Batch
from sync.ports.roster import RosterTransaction
from sync.ports.store import Store
from sync.use_cases.plan_scopes import PlanningRules, plan_scopes

HELD, REJECTED, REFUSED, FORGOTTEN = "held", "rejected", "refused", "forgotten"  # why it is planned, in `policy`


async def everybody_of(tx: RosterTransaction, organisation_id: OrganisationId) -> dict[Affected, Cause]:
    """Everybody, those whom a person rejected as well, and all that was refused."""
    everybody = Affected(organisation_id, EVERYBODY, organisation_id)
    return {**await tx.affected.refused([organisation_id]), everybody: Cause(NO_EVENT, by_event=True)}


async def preview_school(
    store: Store, rules: PlanningRules, organisation_id: OrganisationId, now: datetime
) -> list[Difference]:
    """Writes nothing; holds the school's lock for as long. Raises StoreUnavailable (retriable)."""
    try:
        async with store.planning() as tx:
            organisations = await tx.schools.lock([organisation_id])
            batch = await plan_scopes(tx, organisations, await everybody_of(tx, organisation_id), rules, now)
            raise _Undone(batch)  # noqa: TRY301 - so nothing is committed
    except _Undone as undone:
        planned = undone.batch
    return [line for made in planned.plans for line in _lines(made, planned.rooms[organisation_id])]


class _Undone(Exception):  # noqa: N818 - how a transaction is left without a commit
    def __init__(self, batch: Batch) -> None:
        super().__init__()
        self.batch = batch


def _lines(made: Plan, rooms: Mapping[RoomNo, Room]) -> Iterator[Difference]:
    for of_room in actions(made, rooms):
        if of_room.person_id is None:
            yield Difference(PLANNED, of_room.chat_id, None, None, "", "", FORGOTTEN, of_room.action)
    for change in made.places:
        if change.place.account != NOBODY and (line := _line(change, rooms[change.place.room_no].chat_id)):
            yield line


def _line(change: PlaceChange, chat_id: ChatId) -> Difference | None:
    """A change of what is wanted of a place, or a wish that is asked for again; None of anything else."""
    before, after = change.before, change.after
    was, becomes = (OUT if place is None else place.wanted for place in (before, after))
    if was == becomes and not change.retried:
        return None
    place = change.place
    held = after is not None and after.held
    why = REJECTED if before is not None and before.rejected else REFUSED if change.retried else FORGOTTEN
    action = None if held else _action(was, becomes)
    policy = HELD if held else why
    return Difference(PLANNED, chat_id, place.person_id, place.account, place.observed, becomes, policy, action)


def _action(was: str, becomes: str) -> str:
    if becomes == OUT:
        return "remove_member"
    if was in IN and was != becomes:
        return "grant_admin" if becomes == ADMIN else "revoke_admin"
    return "add_member"
