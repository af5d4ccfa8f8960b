"""`rollcall retry`: what the platform refused of a person, or did not answer, once more."""

from __future__ import annotations

from typing import Annotated

import typer

from rollcall.loop import run
from rollcall.output import Failed, say
from rollcall.ready import ready_app
from rollcall.settings import Settings
from sync.ids import ChatId, OrganisationId, PersonId
from sync.views.registry import Asked
from sync.wording import number_of


def retry(
    context: typer.Context,
    person: str,
    organisation: Annotated[str | None, typer.Option("--organisation", help="In this school alone.")] = None,
    chat: Annotated[str | None, typer.Option("--chat", help="In this chat alone.")] = None,
) -> None:
    """Try again, now, what the platform refused of PERSON or did not answer: the room need not wait for its time."""
    school = None if organisation is None else OrganisationId(organisation)
    of_chat = None if chat is None else ChatId(chat)
    chats = run(_retried(context.obj, PersonId(person), Asked(school, of_chat)))
    if not chats:
        raise Failed("there is nothing to try again: nobody of this id waits for the platform there")
    say(f"{number_of(chats, 'chat is', 'chats are')} due now; `rollcall explain` shows what comes of it")


async def _retried(settings: Settings, person: PersonId, asked: Asked) -> int:
    from adapters.database.again import try_again  # noqa: PLC0415 - a second of importing

    async with ready_app(settings) as app:
        return await try_again(app.database, person, asked)


def add_to(commands: typer.Typer) -> None:
    commands.command("retry")(retry)
