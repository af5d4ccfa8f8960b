"""`rollcall db`: the database's tables."""

from __future__ import annotations

import typer

from adapters.database.migrate import upgrade
from rollcall.loop import run
from rollcall.output import say
from rollcall.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The database's tables.")


@app.callback()
def group() -> None:
    """The database's tables."""


@app.command("upgrade")
def upgrade_tables(context: typer.Context) -> None:
    """Make or upgrade the tables; again it changes nothing."""
    settings: Settings = context.obj
    run(upgrade(settings.database_url))
    say("the tables are up to date")


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(app, name="db")
