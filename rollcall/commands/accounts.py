"""`rollcall accounts`: what support does for people about their accounts."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from rollcall.loop import run
from rollcall.operator import operator
from rollcall.output import Failed, say
from rollcall.ready import ready_app
from rollcall.settings import Settings
from sync.ids import PersonId
from sync.linking.outcomes import Unlinked

commands = typer.Typer(no_args_is_help=True, help="People's accounts on the platforms.")

DONE, NOT_FOUND = 204, 404  # as `DELETE` would be answered


class Provider(StrEnum):
    MAX = "max"
    VK_ID = "vk_id"


@commands.callback()
def group() -> None:
    """People's accounts on the platforms."""


@commands.command("unlink")
def unlink(
    context: typer.Context,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="The person's id.")],
    provider: Annotated[Provider, typer.Argument(metavar="PROVIDER", help="max or vk_id.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept in the audit.")],
) -> None:
    """Unlink a person's account, for them: it leaves the chats, and its phone is forgotten."""
    told = " ".join(reason.split())
    if not told:
        raise typer.BadParameter("say why, in a few words", param_hint="--reason")
    if not run(_unlinked(context.obj, PersonId(person), provider.value, told)):
        raise Failed(f"{person} has no account of {provider.value}")
    say(f"{person}: the account of {provider.value} is unlinked")


async def _unlinked(settings: Settings, person: PersonId, provider: str, reason: str) -> bool:
    from rollcall.bearers import Audit  # noqa: PLC0415 - seconds of importing
    from rollcall.linking import linking_of  # noqa: PLC0415

    async with ready_app(settings) as app:
        linking, audit = linking_of(app), Audit(app.database, app.clock.now)
        entry = await audit.begin(operator(), f"accounts unlink {person} {provider}", reason)
        unlinked = isinstance(await linking.unlink(person, provider), Unlinked)
        await audit.end(entry, DONE if unlinked else NOT_FOUND, None)
        return unlinked


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(commands, name="accounts")
