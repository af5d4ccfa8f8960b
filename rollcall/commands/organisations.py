"""`rollcall organisations`: the schools, and by which platform account their chats are made."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from functools import partial
from getpass import getuser
from typing import Annotated

import typer

from rollcall.loop import run
from rollcall.output import AsJson, Exit, Failed, print_rows, say
from rollcall.paging import every
from rollcall.ready import ready_app
from rollcall.settings import Settings
from sync.ids import OrganisationId
from sync.invitations import is_address
from sync.use_cases.choose_account import Choice
from sync.views.organisations import OrganisationView

commands = typer.Typer(no_args_is_help=True, help="Schools, and their platform accounts.")


class Strangers(StrEnum):
    ASK, REVERT, ADOPT = "ask", "revert", "adopt"


class TitlesOf(StrEnum):
    REVERT, KEEP = "revert", "keep"


COLUMNS = (
    "organisation_id", "name", "time_zone", "sis", "platform", "account", "day", "strangers", "titles", "sign_in_url",
)  # fmt: skip


@commands.command("list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """List the schools."""
    rows = [asdict(view) for view in run(_listed(context.obj))]
    print_rows(rows, COLUMNS, as_json=as_json)


@commands.command("set")
def set_(
    context: typer.Context,
    organisation: Annotated[str, typer.Argument(help="The school's id.")],
    *,
    platform: Annotated[str | None, typer.Option(help="max or vk.")] = None,
    account: Annotated[
        str | None, typer.Option(help="NAME of ROLLCALL_{MAX,VK}_TOKEN_{NAME}, in lower case; empty: the first.")
    ] = None,
    strangers: Annotated[Strangers | None, typer.Option(help="What is done about whom nobody knows there.")] = None,
    titles: Annotated[TitlesOf | None, typer.Option(help="What is done about titles that people gave.")] = None,
    sign_in_url: Annotated[
        str | None, typer.Option(help="Where its people sign in to its system; empty: where all do.")
    ] = None,
) -> None:
    """Choose the platform account of a school, what is done about strangers and titles in its chats, and the address
    that its people are sent to for linking.
    """
    if sign_in_url and not is_address(sign_in_url):
        raise Failed("--sign-in-url should be an https address, with no name or password in it", Exit.WRONG_USAGE)
    if platform is not None or account is not None:
        choice = run(_chosen(context.obj, organisation, platform, account))
        if choice is not Choice.CHOSEN:
            raise Failed(f"{organisation}: {choice.value}")
        say(f"{organisation}: chats that are made from now on are of the account chosen")
    if strangers is not None or titles is not None:
        if not run(_policies(context.obj, organisation, strangers, titles)):
            raise Failed(f"{organisation}: {Choice.NO_SCHOOL.value}")
        say(f"{organisation}: noted")
    if sign_in_url is not None:
        if not run(_sign_in(context.obj, organisation, sign_in_url or None)):
            raise Failed(f"{organisation}: {Choice.NO_SCHOOL.value}")
        say(f"{organisation}: noted")


async def _listed(settings: Settings) -> list[OrganisationView]:
    async with ready_app(settings) as app:
        return [view async for view in every(partial(app.registry.schools.organisations, None))]


async def _chosen(settings: Settings, organisation: str, platform: str | None, account: str | None) -> Choice:
    async with ready_app(settings) as app:
        return await app.choose_account(OrganisationId(organisation), platform, account)


async def _policies(settings: Settings, organisation: str, strangers: str | None, titles: str | None) -> bool:
    async with ready_app(settings) as app:
        return await app.choose_policies(OrganisationId(organisation), strangers, titles, getuser())


async def _sign_in(settings: Settings, organisation: str, url: str | None) -> bool:
    async with ready_app(settings) as app:
        return await app.choose_sign_in(OrganisationId(organisation), url)


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(commands, name="organisations")
