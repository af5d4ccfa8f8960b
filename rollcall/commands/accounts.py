"""`rollcall accounts`: who has not linked an account, and what support does about accounts."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from rollcall.loop import run
from rollcall.operator import operator
from rollcall.output import AsJson, Failed, print_json, print_rows, say
from rollcall.ready import ready_app
from rollcall.settings import Settings
from sync.days import local_day
from sync.ids import ClassId, OrganisationId, PersonId
from sync.linking.outcomes import Unlinked
from sync.views.reminders import RemindersView, SheetKind

commands = typer.Typer(no_args_is_help=True, help="Accounts on chat platforms, and who has none.")

DONE, NOT_FOUND = 204, 404  # as `DELETE` would be answered


class Provider(StrEnum):
    MAX = "max"
    VK_ID = "vk_id"


COLUMNS = ("class", "chat", "person_id", "last_name", "first_name", "middle_name", "waits_for")


@commands.command("reminders")
def reminders(
    context: typer.Context,
    organisation: Annotated[str, typer.Option(help="The school.")],
    *,
    class_id: Annotated[str | None, typer.Option("--class", help="One class; by default every open one.")] = None,
    pdf: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Print into this file; only its owner may read it.")
    ] = None,
    sheet: Annotated[
        SheetKind, typer.Option(help="What is printed: the teacher's list, or slips to hand out.")
    ] = "list",
    as_json: AsJson = False,
) -> None:
    """List who is to be in the chats of a class and has not linked an account; --pdf prints it for the teacher."""
    classes, on = run(_asked(context.obj, organisation, class_id))
    if any(each.sign_in_url is None for each in classes):
        say(f"no QR code without an address: rollcall organisations set {organisation} --sign-in-url URL")
    if pdf is not None:
        _write(pdf, _printed(sheet, classes, on))
        say(f"{pdf}: written")
    if as_json:
        print_json([asdict(each) for each in classes])
    elif pdf is None:
        print_rows(_rows(classes), COLUMNS, as_json=False)


async def _asked(settings: Settings, organisation: str, class_id: str | None) -> tuple[Sequence[RemindersView], date]:
    async with ready_app(settings) as app:
        school, schools = OrganisationId(organisation), app.registry.schools
        if class_id is None:
            classes = await schools.all_reminders(school)
        else:
            one = await schools.reminders(school, ClassId(class_id))
            classes = None if one is None else [one]
        if classes is None:
            raise Failed(f"{organisation}: there is no such school, or no such class in it")
        now = app.clock.now()
    return classes, local_day(now, classes[0].time_zone) if classes else now.date()


def _printed(sheet: SheetKind, classes: Sequence[RemindersView], on: date) -> bytes:
    from adapters.sheets.sheets import print_sheets  # noqa: PLC0415 - half a second of importing

    return print_sheets(sheet, classes, on)


def _write(path: Path, printed: bytes) -> None:
    """There are names in it."""
    try:
        with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(printed)
    except OSError as error:
        raise Failed(f"{path}: {error.strerror}") from error


def _rows(classes: Sequence[RemindersView]) -> Iterator[dict[str, Any]]:
    for each in classes:
        for chat in each.chats:
            for unlinked in chat.unlinked:
                of = {"class": each.class_name, "chat": chat.title, "waits_for": unlinked.waits_for}
                yield of | asdict(unlinked.person)


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
