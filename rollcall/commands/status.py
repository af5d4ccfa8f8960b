"""`rollcall status`: where everything stands."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import typer

from rollcall.advice import OF_CHATS, OF_COUNTS, TO_DO
from rollcall.loop import run
from rollcall.output import AsJson, Exit, print_fields, print_json, say
from rollcall.ready import ready_app
from rollcall.settings import Settings
from sync.alarms import CLOCK_JUMPED, PLATFORM_PAUSED, PLATFORM_REFUSES, PLATFORM_UNREACHABLE, RIGHTS_LACKING
from sync.views.status import Alarm, PlatformAccount, StatusView

WAIT_FOR_SOMEBODY = frozenset({CLOCK_JUMPED, PLATFORM_PAUSED, PLATFORM_REFUSES, PLATFORM_UNREACHABLE, RIGHTS_LACKING})


def show_status(context: typer.Context, as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """Show what is on its way, what waits, and for whom. Ends with 3 when something is held, refused or needs a
    person.
    """
    status = run(_status(context.obj))
    if as_json:
        print_json(asdict(status))
    else:
        _print(status)
    if _needs_person(status):
        raise typer.Exit(Exit.NEEDS_PERSON)


def _needs_person(status: StatusView) -> bool:
    """Whether something goes no further before somebody does something about it."""
    waits = status.outbox.held or status.outbox.refused or status.dead_letters
    stands = status.needs_person or status.stalled or status.stopped_partitions
    return bool(waits or stands or any(alarm.kind in WAIT_FOR_SOMEBODY for alarm in status.alarms))


async def _status(settings: Settings) -> StatusView:
    async with ready_app(settings) as app:
        return await app.registry.operations.status(None, app.clock.now())


def _print(status: StatusView) -> None:
    plain = {
        "lag_records": "unknown" if status.lag_records is None else status.lag_records,
        "inbox_unprocessed": status.inbox_unprocessed,
        **asdict(status.outbox),
        "oldest_pending_at": status.oldest_pending_at,
        "waiting": status.waiting,
        "dead_letters": status.dead_letters,
        "looks": status.looks,
        "oldest_look_at": status.oldest_look_at,
        "reconciled_at": status.reconciled_at,
    }
    print_fields(plain, as_json=False)
    if status.lag_error is not None:
        say(f"lag: {status.lag_error}")
    for name in (name for name in OF_COUNTS if plain[name]):
        say(f"{name}: {plain[name]} → {OF_COUNTS[name]}")
    for account in status.platform_accounts:
        state = account.state if account.since is not None else "nothing was asked of it yet"
        say(f"account: {account.account}: {state}{_since(account.since)}{_more(account)}")
    for alarm in status.alarms:
        say(f"alarm: {alarm.kind}{_where(alarm)}{_since(alarm.since)} → {TO_DO[alarm.kind]}")
    for room in status.needs_person:
        say(f"needs a person: {room.chat_id} ({room.organisation_id}): {room.state} → {OF_CHATS[room.state]}")


def _where(alarm: Alarm) -> str:
    named = [each for each in (alarm.account, alarm.chat_id) if each is not None]
    school = f" ({alarm.organisation_id})" if alarm.organisation_id is not None else ""
    detail = f": {alarm.detail}" if alarm.detail is not None else ""
    return f"{' in ' if named else ''}{' '.join(named)}{school}{detail}"


def _since(instant: datetime | None) -> str:
    return "" if instant is None else f", since {_told(instant)}"


def _more(account: PlatformAccount) -> str:
    paused = "" if account.paused_until is None else f", paused until {_told(account.paused_until)}"
    return paused + ("" if account.last_error is None else f", last error {account.last_error}")


def _told(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"


def add_to(commands: typer.Typer) -> None:
    commands.command("status")(show_status)
