"""`rollcall explain`: why somebody is in a chat, or not."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.tree import Tree

from rollcall.loop import run
from rollcall.output import AsJson, Failed, print_json
from rollcall.parts import ready_parts_of
from rollcall.settings import Settings
from sync.views.explanation import CauseView, ExplainedChat, Explanation
from sync.views.registry import Asked


def explain(
    context: typer.Context,
    person: str,
    organisation: Annotated[str | None, typer.Option("--organisation", help="In this school alone.")] = None,
    chat: Annotated[str | None, typer.Option("--chat", help="Of this chat alone.")] = None,
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """Tell why PERSON is in chats or not: reasons, exclusions, the events behind them, what was tried."""
    explanation = run(_explanation(context.obj, person, Asked(organisation, chat)))
    if explanation is None:
        raise Failed("nobody is known by this id, or no chat")
    if as_json:
        print_json(asdict(explanation))
        return
    tree = Tree(explanation.person_id)
    for explained in explanation.chats:
        _grow(tree, explained)
    Console(file=sys.stdout, soft_wrap=True).print(tree)


async def _explanation(settings: Settings, person: str, asked: Asked) -> Explanation | None:
    async with ready_parts_of(settings) as parts:
        return await parts.registry.people.explain(person, asked, None)


def _grow(tree: Tree, chat: ExplainedChat) -> None:
    waits = f", waits for {chat.waits_for}" if chat.waits_for else ""
    branch = tree.add(
        f"{chat.chat_id}: {chat.state or 'no part in it'}{f' as {chat.role}' if chat.role else ''}{waits}"
    )
    for reason in chat.reasons:
        branch.add(f"because {reason.reason} {_by(reason.cause)}")
    for exclusion in chat.exclusions:
        branch.add(f"kept out: {exclusion.exclusion} {_by(exclusion.cause)}")
    if chat.invite_link:
        branch.add(f"may come in by {chat.invite_link}")
    for attempt in chat.attempts:
        branch.add(f"{attempt.at:%Y-%m-%d %H:%M:%S} {attempt.action}: {attempt.answer}")


def _by(cause: CauseView | None) -> str:
    if cause is None:
        return "(its event is no longer kept)"
    return f"({cause.type} {cause.id} of {cause.source}, {cause.topic}/{cause.partition}/{cause.offset})"


def add_to(app: typer.Typer) -> None:
    app.command("explain")(explain)
