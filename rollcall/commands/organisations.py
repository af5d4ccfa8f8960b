"""`rollcall organisations`: the schools, and by which platform account their chats are made."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Annotated

import typer

from rollcall.loop import run
from rollcall.output import AsJson, Failed, print_rows, say
from rollcall.paging import every
from rollcall.parts import ready_parts_of
from rollcall.settings import Settings
from sync.use_cases.choose_account import Choice
from sync.views.organisations import OrganisationView

app = typer.Typer(no_args_is_help=True, help="Schools, and their platform accounts.")

COLUMNS = ("organisation_id", "name", "time_zone", "sis", "platform", "account", "day")


@app.command("list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """List the schools."""
    rows = [asdict(view) for view in run(_listed(context.obj))]
    print_rows(rows, COLUMNS, as_json=as_json)


@app.command("set")
def set_(
    context: typer.Context,
    organisation: Annotated[str, typer.Argument(help="The school's id.")],
    platform: Annotated[str | None, typer.Option(help="max or vk.")] = None,
    account: Annotated[
        str | None, typer.Option(help="NAME of ROLLCALL_MAX_TOKEN_{NAME}, in lower case; empty: ROLLCALL_MAX_TOKEN.")
    ] = None,
) -> None:
    """Choose the platform account of a school. Chats that stand stay with the account that made them."""
    choice = run(_chosen(context.obj, organisation, platform, account))
    if choice is not Choice.CHOSEN:
        raise Failed(f"{organisation}: {choice.value}")
    say(f"{organisation}: chats that are made from now on are of the account chosen")


async def _listed(settings: Settings) -> list[OrganisationView]:
    async with ready_parts_of(settings) as parts:
        return [view async for view in every(partial(parts.registry.schools.organisations, None))]


async def _chosen(settings: Settings, organisation: str, platform: str | None, account: str | None) -> Choice:
    async with ready_parts_of(settings) as parts:
        return await parts.choose_account(organisation, platform, account)


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(app, name="organisations")
