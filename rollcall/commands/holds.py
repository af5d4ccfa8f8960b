"""`rollcall holds`: changes that a guard held, and what a person decides on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError

from rollcall.loop import run
from rollcall.operator import operator
from rollcall.output import AsJson, Failed, print_fields, print_json, print_rows, say
from rollcall.paging import every
from rollcall.ready import ready_app
from rollcall.settings import Settings
from schemas.text import Note
from sync.ids import HoldNo
from sync.ports.holds import HELD, Decision
from sync.use_cases.decide_holds import Decided, Verdict, approval, rejection
from sync.views.operations import HoldView
from sync.wording import number_of

commands = typer.Typer(no_args_is_help=True, help="Changes that a guard held.")

COLUMNS = ("id", "organisation_id", "persons", "still_held", "limit", "state", "expires_at")
LINE = ("action", "chat_id", "person_id", "role", "cause")
AT_ONCE = 10  # each has its whole plan

Number = Annotated[int, typer.Argument(metavar="ID", min=1, max=2**63 - 1, help="The hold's id, from the list.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why: it is kept with the hold.")]


@commands.command("list")
def list_(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Those that are decided, too.")] = False,  # noqa: FBT002 - a flag
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """List the holds that wait for a person, the latest last."""
    views = [view for view in run(_listed(context.obj)) if everything or view.state == HELD]
    print_rows([asdict(view) for view in views], COLUMNS, as_json=as_json)


@commands.command("show")
def show(context: typer.Context, number: Number, as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """Show one whole: which limit it breaks, until when it waits, each change and its cause."""
    view = asdict(run(_shown(context.obj, number)))
    if as_json:
        print_json(view)
        return
    print_fields({name: value for name, value in view.items() if name not in {"plan", "causes"}}, as_json=False)
    print_rows([{**line, "cause": _by(line["cause"])} for line in view["plan"]["changes"]], LINE, as_json=False)


@commands.command("approve")
def approve(context: typer.Context, number: Number, reason: Reason) -> None:
    """Apply what is still as the hold planned it."""
    decided = _decided(context.obj, number, approval, reason)
    say(f"hold {number} is approved: what it planned for {number_of(decided.persons, 'person')} is done next")


@commands.command("reject")
def reject(context: typer.Context, number: Number, reason: Reason) -> None:
    """Leave everybody where they are."""
    decided = _decided(context.obj, number, rejection, reason)
    say(f"hold {number} is rejected: {number_of(decided.persons, 'person stays', 'persons stay')} where they are")


async def _listed(settings: Settings) -> list[HoldView]:
    async with ready_app(settings) as app:
        return [view async for view in every(partial(app.registry.operations.holds, None), page=AT_ONCE)]


async def _shown(settings: Settings, number: int) -> HoldView:
    async with ready_app(settings) as app:
        view = await app.registry.operations.hold(number, None)
    if view is None:
        raise Failed(f"hold {number}: {Verdict.NO_HOLD.value}")
    return view


def _decided(settings: Settings, number: int, decision: Callable[[str, str], Decision], reason: str) -> Decided:
    try:
        why = TypeAdapter(Note).validate_python(reason)
    except ValidationError as error:
        raise typer.BadParameter(str(error.errors()[0]["msg"]), param_hint="--reason") from error
    decided = run(_decide(settings, number, decision(operator(), why)))
    if decided.verdict is not Verdict.DONE:
        known = decided.verdict is not Verdict.NO_HOLD
        raise Failed(f"hold {number}: {decided.verdict.value}{f' (rollcall holds show {number})' if known else ''}")
    return decided


async def _decide(settings: Settings, number: int, decision: Decision) -> Decided:
    async with ready_app(settings) as app:
        return await app.decide_hold(HoldNo(number), decision)


def _by(cause: dict[str, Any] | None) -> str:
    return f"{cause['type']} {cause['id']} of {cause['source']}" if cause is not None else "(no longer kept)"


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(commands, name="holds")
