"""Look at all rooms of a school by a person's order: what differs, and with `apply` what is done about it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from sync.ids import OrganisationId
from sync.ports.looking import Progress
from sync.use_cases.look_at_rooms import LASTS_S, Looking, look_at
from sync.use_cases.preview_school import everybody_of, preview_school

ROOMS_AT_ONCE = 8
AGAIN_S = 1.0


async def reconcile_school(
    looking: Looking,
    organisation_id: OrganisationId,
    by: str,
    now: datetime,
    told: Callable[[Progress], None],
    *,
    apply: bool,
    looks: Callable[[], bool] = lambda: True,
) -> int | None:
    """Gives the reconcile's number once every room was looked at; None of a school that nobody registered.

    Nothing is changed without `apply`; with it the school is planned anew, refused and rejected places included, and
    what differs is left to be read back and put right. Stopped at any time it is gone on with when it is ordered
    again, and by whoever looks at rooms. Others may look at some of the rooms meanwhile; unless it `looks`, at all of
    them. Raises StoreUnavailable (retriable).
    """
    run_no = await _begun(looking, organisation_id, by, now, apply=apply)
    if run_no is None:
        return None
    while True:
        progress = await _progress(looking, run_no)
        told(progress)
        if progress.looked == progress.rooms:
            return run_no
        if not looks() or not sum([await _looked(looking, run_no, token) for token in progress.tokens]):
            await asyncio.sleep(AGAIN_S)


async def _begun(
    looking: Looking, organisation_id: OrganisationId, by: str, now: datetime, *, apply: bool
) -> int | None:
    planned = await preview_school(looking.store, looking.rules, organisation_id, now)
    async with looking.store.planning() as tx:
        if await tx.schools.chosen_account(organisation_id) is None:
            return None
        if apply:
            await tx.affected.add(await everybody_of(tx, organisation_id), now)
        begun = await tx.schools.begin_reconciles([organisation_id], by, now, apply=apply, planned=planned)
        return begun[organisation_id]


async def _progress(looking: Looking, run_no: int) -> Progress:
    async with looking.store.looking() as tx:
        return await tx.progress(run_no)


async def _looked(looking: Looking, run_no: int, token: str) -> int:
    async with looking.store.looking() as tx:
        rooms = await tx.claim_of(run_no, token, ROOMS_AT_ONCE, LASTS_S)
    if rooms:
        await look_at(looking, token, rooms)
    return len(rooms)
