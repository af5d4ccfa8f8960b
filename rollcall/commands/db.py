"""`rollcall db`: the database's tables."""

from __future__ import annotations

import typer

from adapters.database.migrate import upgrade
from adapters.database.restored import Doubt
from rollcall.loop import run
from rollcall.output import say
from rollcall.parts import ready_parts_of
from rollcall.progress import progress
from rollcall.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The database's tables.")


@app.callback()
def group() -> None:
    """The database's tables."""


@app.command("upgrade")
def upgrade_tables(context: typer.Context) -> None:
    """Make or upgrade the tables; again it changes nothing. Says before what it will do."""
    settings: Settings = context.obj
    run(upgrade(settings.database_url, say))
    say("the tables are up to date")


@app.command("restored")
def restored(context: typer.Context) -> None:
    """After a restore from backup, before anything is started: have all that is on the platforms read back."""
    rooms = run(_restored(context.obj))
    say(f"{rooms} rooms will be read back as the dispatchers find time; see `rollcall status`")


async def _restored(settings: Settings) -> int:
    async with ready_parts_of(settings) as parts:
        platforms = parts.dispatch.platforms
        doubt = Doubt(parts.database, [token for token, of in platforms.items() if of.capabilities.makes_chats])
        with progress("rooms", await doubt.rooms()) as done:
            return await doubt.everything(done)


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(app, name="db")
