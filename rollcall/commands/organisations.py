"""`rollcall organisations`: the schools, and by which platform account their chats are made."""

from __future__ import annotations

from dataclasses import asdict, replace
from enum import StrEnum
from functools import partial
from getpass import getuser
from typing import Annotated

import typer

from rollcall.loop import run
from rollcall.output import AsJson, Exit, Failed, print_json, print_rows, say
from rollcall.paging import every
from rollcall.ready import ready_app
from rollcall.settings import Settings
from sync.ids import OrganisationId
from sync.invitations import is_address
from sync.plan.actions import told
from sync.use_cases.choose_account import Choice, Shown
from sync.views.organisations import OrganisationView
from sync.wording import number_of

commands = typer.Typer(no_args_is_help=True, help="Schools, and their platform accounts.")


class Strangers(StrEnum):
    ASK, REVERT, ADOPT = "ask", "revert", "adopt"


class TitlesOf(StrEnum):
    REVERT, KEEP = "revert", "keep"


PLAN = ("action", "chat_id", "person_id", "external_user_id", "role")
COUNTS = ("action", "number")
COLUMNS = (
    "organisation_id", "name", "time_zone", "sis", "platform", "account", "day", "strangers", "titles", "sign_in_url",
    "moving",
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
    apply: Annotated[bool, typer.Option("--apply", help="Move chats that stand to another platform.")] = False,
    as_json: AsJson = False,
) -> None:
    """Choose the platform account of a school, what is done about strangers and titles in its chats, and the address
    that its people are sent to for linking.

    Where chats would move to another platform that is shown, and nothing is changed without --apply.
    """
    if sign_in_url and not is_address(sign_in_url):
        raise Failed("--sign-in-url should be an https address, with no name or password in it", Exit.WRONG_USAGE)
    if platform is not None or account is not None:
        shown = run(_choice(context.obj, organisation, platform, account, apply=apply))
        if shown.choice is not Choice.CHOSEN:
            raise Failed(f"{organisation}: {shown.choice.value}")
        if shown.moves:
            _print_move(organisation, shown, apply=apply, as_json=as_json)
        else:
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


async def _choice(
    settings: Settings, organisation: str, platform: str | None, account: str | None, *, apply: bool
) -> Shown:
    """What is chosen, done unless chats would move and nobody said so."""
    async with ready_app(settings) as app:
        chosen = OrganisationId(organisation), platform, account
        shown = await app.show_choice(*chosen)
        if shown.choice is Choice.CHOSEN and (apply or not shown.moves):
            return replace(shown, choice=await app.choose_account(*chosen))
        return shown


def _print_move(organisation: str, shown: Shown, *, apply: bool, as_json: bool) -> None:
    """The plan, and what people should know before they say yes."""
    plan = told(OrganisationId(organisation), shown.lines, {})
    if as_json:
        print_json(plan)
    else:
        print_rows(plan["changes"], PLAN, as_json=False)
        print_rows([{"action": name, "number": n} for name, n in plan["counts"].items()], COUNTS, as_json=False)
    waiting = {line.person_id for line in shown.lines if line.action == "add_member" and not line.external_user_id}
    leaving = {line.person_id for line in shown.lines if line.action == "remove_member"}
    say(
        f"{organisation}: {number_of(len(waiting), 'person')} without an account there, "
        f"{len(waiting & leaving)} of them in a chat now: they leave it with the others, and wait"
    )
    say(f"{organisation}: each chat that is archived is told first where it goes, once the new one is filled")
    say(f"{organisation}: " + ("its chats move" if apply else "nothing was changed (--apply does)"))


async def _policies(settings: Settings, organisation: str, strangers: str | None, titles: str | None) -> bool:
    async with ready_app(settings) as app:
        return await app.choose_policies(OrganisationId(organisation), strangers, titles, getuser())


async def _sign_in(settings: Settings, organisation: str, url: str | None) -> bool:
    async with ready_app(settings) as app:
        return await app.choose_sign_in(OrganisationId(organisation), url)


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(commands, name="organisations")
