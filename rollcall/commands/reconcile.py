"""`rollcall reconcile`: what stands on the platform beside what is wanted, and with `--apply` what is done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from getpass import getuser
from typing import TYPE_CHECKING, Annotated

import typer

from rollcall.loop import run
from rollcall.output import AsJson, Exit, Failed, print_json, print_rows, say
from rollcall.paging import every
from rollcall.progress import progress
from rollcall.ready import ready_app
from rollcall.settings import Settings
from rollcall.sole import is_served
from sync.ids import OrganisationId
from sync.looks import ASK, STRANGER
from sync.ports.looking import Progress
from sync.use_cases.reconcile_school import reconcile_school
from sync.views.reconciles import ReconcileView
from sync.wording import number_of

if TYPE_CHECKING:
    from rollcall.app import App

ALL = 1000
NOBODY_LOOKS = (
    "the service that runs on this database looks at no chats (ROLLCALL_LOOKS=off), and beside it nothing else may:"
    " stop it, or start it with looks"
)

COLUMNS = ("kind", "chat_id", "person_id", "external_user_id", "seen", "wanted", "policy", "action")


def reconcile(
    context: typer.Context,
    *,
    organisation: Annotated[list[str] | None, typer.Option(help="A school's id; several may be named.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Put right what differs.")] = False,
    last: Annotated[bool, typer.Option("--last", help="Show the last one instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look at every chat of the schools (all, unless some are named), and tell what differs from what is wanted.

    Nothing is changed unless told. Stopped, it goes on with the same command. Beside a service on SQLite it is the
    service that looks. Ends with 3 where a person is needed.
    """
    views = run(_reconciled(context.obj, organisation or [], apply=apply, last=last))
    if as_json:
        print_json([asdict(view) for view in views])
    else:
        _print(views)
    if any(view.asks for view in views):
        raise typer.Exit(Exit.NEEDS_PERSON)


async def _reconciled(settings: Settings, named: Sequence[str], *, apply: bool, last: bool) -> list[ReconcileView]:
    async with ready_app(settings) as app:
        if (
            not last
            and is_served(settings)
            and (await app.registry.operations.status(None, app.clock.now())).looks == "off"
        ):
            raise Failed(NOBODY_LOOKS)
        every_school = every(partial(app.registry.schools.organisations, None))
        schools = list(map(OrganisationId, named)) or [view.organisation_id async for view in every_school]
        return [await _of_school(app, school, apply=apply, last=last) for school in schools]


async def _of_school(app: App, school: OrganisationId, *, apply: bool, last: bool) -> ReconcileView:
    if not last:
        from rollcall.looking import looking_of  # noqa: PLC0415 - a second of importing

        with progress(f"looking at {school}", ALL) as step:
            looking, now, told = looking_of(app), app.clock.now(), _stepping(step)
            looks = partial(_looks_itself, app.settings)
            known = await reconcile_school(looking, school, getuser(), now, told, apply=apply, looks=looks)
        if known is None:
            raise Failed(f"{school}: nobody has registered this school")
    view = await app.registry.operations.reconcile(school)
    if view is None:
        raise Failed(f"{school}: it was never reconciled")
    return view


def _looks_itself(settings: Settings) -> bool:
    """Where a service runs on the same SQLite file it looks at the chats: both together would exceed the rate."""
    return not is_served(settings)


def _stepping(step: Callable[[int], None]) -> Callable[[Progress], None]:
    """Tells a bar how much of all has been looked at since it was told last."""
    done = 0

    def told(of: Progress) -> None:
        nonlocal done
        now = ALL * of.looked // max(1, of.rooms)
        step(now - done)
        done = now

    return told


def _print(views: Sequence[ReconcileView]) -> None:
    rows = [
        {**line, "organisation_id": view.organisation_id}
        for view in views
        for line in (*view.differences, *view.planned)
    ]
    print_rows(rows, ("organisation_id", *COLUMNS), as_json=False)
    for view in views:
        for chat in view.not_seen:
            say(f"{view.organisation_id}: {chat.chat_id} could not be looked at: {chat.failure}")
        then = "" if view.apply or not view.changes else "; nothing was changed (--apply does)"
        found = f"{view.looked} of {number_of(view.rooms, 'chat')}, {number_of(len(view.differences), 'difference')}"
        found += f", {len(view.planned)} planned anew" if view.planned else ""
        say(f"{view.organisation_id}: {found}{then}")
        if any((line["kind"], line["policy"]) == (STRANGER, ASK) for line in view.differences):
            school = view.organisation_id
            say(f"{school}: who is a stranger? rollcall organisations set {school} --strangers revert (or adopt)")


def add_to(commands: typer.Typer) -> None:
    commands.command("reconcile")(reconcile)
