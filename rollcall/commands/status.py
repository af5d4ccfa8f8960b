"""`rollcall status`: where everything stands."""

from __future__ import annotations

from dataclasses import asdict

import typer

from rollcall.loop import run
from rollcall.output import AsJson, Exit, print_fields, print_json, say
from rollcall.parts import ready_parts_of
from rollcall.settings import Settings
from sync.views.status import StatusView


def show_status(context: typer.Context, as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """Show what is on its way, what waits, and for whom. Ends with 3 when something is held or needs a person."""
    status = run(_status(context.obj))
    if as_json:
        print_json(asdict(status))
    else:
        _print(status)
    if status.outbox.held or status.needs_person or status.stalled or status.stopped_partitions:
        raise typer.Exit(Exit.NEEDS_PERSON)


async def _status(settings: Settings) -> StatusView:
    async with ready_parts_of(settings) as parts:
        return await parts.registry.operations.status(None, parts.clock.now())


def _print(status: StatusView) -> None:
    plain = {
        "lag_records": "unknown" if status.lag_records is None else status.lag_records,
        "inbox_unprocessed": status.inbox_unprocessed,
        **asdict(status.outbox),
        "waiting": status.waiting,
        "dead_letters": status.dead_letters,
    }
    print_fields(plain, as_json=False)
    if status.lag_error is not None:
        say(f"lag: {status.lag_error}")
    for partition in status.stopped_partitions:
        say(f"stopped: {partition} (rollcall dead-letters resume)")
    for alarm in status.alarms:
        say(f"alarm: {alarm.kind} in {alarm.chat_id} ({alarm.organisation_id})")
    for school in status.stalled:
        say(f"stalled: {school.organisation_id}: {school.error}")
    for room in status.needs_person:
        say(f"needs a person: {room.chat_id} ({room.organisation_id}): {room.state}")


def add_to(app: typer.Typer) -> None:
    app.command("status")(show_status)
