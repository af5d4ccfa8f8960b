"""`rollcall db`: the database's tables."""

from __future__ import annotations

import typer

from rollcall.loop import run
from rollcall.output import say
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


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(commands, name="db")
