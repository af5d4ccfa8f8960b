"""`rollcall explain`: why somebody is in a chat, or not."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from rich.tree import Tree

from rollcall.loop import run
from rollcall.output import WIDE, AsJson, Failed, console, plain, print_json
from rollcall.ready import ready_app
from rollcall.settings import Settings
from sync.ids import ChatId, OrganisationId, PersonId
from sync.membership_states import FOR_HELD_ACCOUNT, HELD
from sync.views.explanation import CauseView, ExplainedChat, Explanation
from sync.views.registry import Asked

WAITS = {FOR_HELD_ACCOUNT: "the account, which another person holds"}


def explain(
    context: typer.Context,
    person: str,
    organisation: Annotated[str | None, typer.Option("--organisation", help="In this school alone.")] = None,
    chat: Annotated[str | None, typer.Option("--chat", help="Of this chat alone.")] = None,
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """Tell why PERSON is in chats or not: reasons, exclusions, the events behind them, what was tried."""
    school = None if organisation is None else OrganisationId(organisation)
    explanation = run(
        _explanation(context.obj, PersonId(person), Asked(school, None if chat is None else ChatId(chat)))
    )
    if explanation is None:
        raise Failed("nobody is known by this id, or no chat")
    if as_json:
        print_json(asdict(explanation))
        return
    tree = Tree(explanation.person_id)
    for explained in explanation.chats:
        _grow(tree, explained)
    if not explanation.chats:
        tree.add("in no chat: no school has a reason for it, or ever had one that somebody ended")
    console(WIDE).print(tree)  # a line is cut nowhere: a terminal wraps it


async def _explanation(settings: Settings, person: PersonId, asked: Asked) -> Explanation | None:
    async with ready_app(settings) as app:
        return await app.registry.people.explain(person, asked, None)


def _grow(tree: Tree, chat: ExplainedChat) -> None:
    waits = f", waits for {WAITS.get(chat.waits_for, chat.waits_for)}" if chat.waits_for else ""
    refused = f": {chat.refused_code}" if chat.refused_code else ""
    branch = tree.add(
        f"{chat.chat_id} ({chat.organisation_id}): "
        f"{chat.state or 'no part in it'}{f' as {chat.role}' if chat.role else ''}{refused}{waits}"
    )
    for reason in chat.reasons:
        branch.add(f"because {reason.reason} {_by(reason.cause)}")
    for exclusion in chat.exclusions:
        branch.add(f"kept out: {exclusion.exclusion} {_by(exclusion.cause)}")
    if chat.ended:
        branch.add(f"ended {_by(chat.ended.cause)}")
    if chat.hold is not None:
        branch.add(f"hold {chat.hold.id}: {chat.hold.limit} {_until(chat)}")
    if chat.still_on:
        branch.add(f"stands in the chat's former room on {chat.still_on} until that is left")
    if chat.account_passed_on_at:
        branch.add(f"another person holds the account since {_at(chat.account_passed_on_at)}")
    if chat.next_try_at:
        branch.add(f"tried again at {_at(chat.next_try_at)}, or now by `rollcall retry`")
    if chat.invite_link:
        branch.add(plain(f"may come in by {chat.invite_link}"))
    for attempt in chat.attempts:
        branch.add(f"{_at(attempt.at)} {attempt.action}: {attempt.answer}")


def _at(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"


def _until(chat: ExplainedChat) -> str:
    """What may still be decided of a hold: after its time, or once a person said no, it is as it is."""
    if chat.hold is None or chat.state != HELD:
        return "(rejected, or nobody decided in time)"
    return f"(until {chat.hold.expires_at:%Y-%m-%d %H:%M}, rollcall holds show {chat.hold.id})"


def _by(cause: CauseView | None) -> str:
    if cause is None:
        return "(its event is no longer kept)"
    return f"({cause.type} {cause.id} of {cause.source}, {cause.topic}/{cause.partition}/{cause.offset})"


def add_to(commands: typer.Typer) -> None:
    commands.command("explain")(explain)
