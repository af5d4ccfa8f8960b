"""`rollcall db`: the database's tables."""

from __future__ import annotations

from typing import Annotated

import typer

from rollcall.loop import run
from rollcall.output import Exit, say
from rollcall.progress import progress
from rollcall.ready import ready_app
from rollcall.settings import Settings
from sync.wording import number_of

commands = typer.Typer(no_args_is_help=True, help="The database's tables.")


@commands.callback()
def group() -> None:
    """The database's tables."""


@commands.command("upgrade")
def upgrade_tables(context: typer.Context) -> None:
    """Make or upgrade the tables; again it changes nothing. Says before what it will do."""
    from adapters.database.migrate import upgrade  # noqa: PLC0415 - a second of importing

    settings: Settings = context.obj
    run(upgrade(settings.database_url, say))
    say("the tables are up to date")


@commands.command("restored")
def restored(context: typer.Context) -> None:
    """After a restore from backup, before anything is started: have all that is on the platforms read back."""
    rooms = run(_restored(context.obj))
    say(f"{number_of(rooms, 'room')} will be read back as the dispatchers find time; see `rollcall status`")


async def _restored(settings: Settings) -> int:
    from adapters.database.restored import Doubt  # noqa: PLC0415 - a second of importing

    async with ready_app(settings) as app:
        platforms = app.dispatch.platforms
        doubt = Doubt(app.database, [token for token, of in platforms.items() if of.capabilities.makes_chats])
        with progress("rooms", await doubt.rooms()) as done:
            return await doubt.everything(done)


@commands.command("clock")
def believe_clock(
    context: typer.Context,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="It is right: schools' days go on by it.")] = False,
) -> None:
    """Show what this machine's clock and the database say; with --yes say that the machine is right, where it is not
    believed (the alarm clock_jumped). Ends with 3 while it is not.
    """
    if not run(_clock(context.obj, yes=yes)):
        raise typer.Exit(Exit.NEEDS_PERSON)


async def _clock(settings: Settings, *, yes: bool) -> bool:
    async with ready_app(settings) as app:
        if yes:
            await app.timekeeping.notes.confirm(app.clock.machine())
            await app.timekeeping.check()
        known = await app.timekeeping.notes.known()
        say(f"machine: {app.clock.machine():%Y-%m-%dT%H:%M:%SZ}")
        if known.time is not None:
            say(f"database: {known.time:%Y-%m-%dT%H:%M:%SZ}")
        say(f"latest day of a school: {known.last_day or 'none'}")
        believed = app.clock.jumped_at() is None
        say(
            "the machine's clock is believed"
            if believed
            else "it is not believed; if it is right: rollcall db clock --yes"
        )
        return believed


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(commands, name="db")
