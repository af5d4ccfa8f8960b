"""`rollcall chats`: what a person has to do for a chat that the platform account cannot make."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer

from rollcall.loop import run
from rollcall.output import AsJson, Failed, print_fields, say
from rollcall.ready import ready_app
from rollcall.settings import Settings
from sync.ids import ChatId, OrganisationId
from sync.use_cases.adopt_chats import Offer, offer_adoption

commands = typer.Typer(no_args_is_help=True, help="Chats that people make.")


@commands.command("adopt")
def adopt(
    context: typer.Context,
    organisation: Annotated[str, typer.Argument(help="The school.")],
    chat: Annotated[str, typer.Argument(help="The chat as the registry names it, such as class:5a.")],
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """Make a code by which a chat that a person made on the platform becomes CHAT of ORGANISATION."""
    offer = run(_offered(context.obj, OrganisationId(organisation), ChatId(chat)))
    if offer is None:
        raise Failed("there is no such chat, nobody is to be in it yet, or it has one on the platform")
    print_fields({"code": offer.code, "expires_at": f"{offer.expires_at:%Y-%m-%dT%H:%M:%SZ}"}, as_json=as_json)
    say("make a chat, add the bot to it as an administrator with all rights, and post the code there")


async def _offered(settings: Settings, organisation: OrganisationId, chat: ChatId) -> Offer | None:
    async with ready_app(settings) as app:
        return await offer_adoption(app.database, organisation, chat, secrets.choice)


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(commands, name="chats")
