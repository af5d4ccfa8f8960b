"""`rollcall guards`: limits other than the settings', for a school, for some days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

import typer

from rollcall.loop import run
from rollcall.operator import operator
from rollcall.output import AsJson, Failed, print_rows, say
from rollcall.ready import ready_app
from rollcall.settings import Settings
from sync.guards.limits import ALL_SCHOOLS, Limits, Span
from sync.ids import OrganisationId
from sync.use_cases.set_guards import drop_guards, set_guards
from sync.views.operations import GuardLimitsView

commands = typer.Typer(no_args_is_help=True, help="How much may change at once before a person is asked.")

COLUMNS = ("organisation_id", "from_on", "to_on", *Limits._fields, "set_by", "set_at")

Organisation = Annotated[str | None, typer.Argument(metavar="[ID]", help="The school's id; none: all schools.")]
From = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day; none: always.")]
To = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day; none: for ever.")]
Share = Annotated[float | None, typer.Option(min=0, max=1)]
Count = Annotated[int | None, typer.Option(min=0, max=1_000_000)]


@commands.command("list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """List the limits that were set. `rollcall config` shows those of the settings."""
    print_rows([asdict(view) for view in run(_listed(context.obj))], COLUMNS, as_json=as_json)


@commands.command("set")
def set_(
    *,
    context: typer.Context,
    organisation: Organisation = None,
    share: Share = None,
    floor: Count = None,
    chat_share: Share = None,
    chat_floor: Count = None,
    kind_floor: Count = None,
    gain: Count = None,
    gain_after_days: Count = None,
    first: From = None,
    last: To = None,
) -> None:
    """Set limits for a school, or for all, on the days named, by the school's own clock.

    Removals are held when more persons than --floor and than --share of those there leave a school (--chat-floor,
    --chat-share: one chat), or when --kind-floor of the staff, the students or the guardians leave and nobody is left;
    joins, when a chat older than --gain-after-days gains more than --gain persons and than it had.
    """
    limits = Limits(share, floor, chat_share, chat_floor, kind_floor, gain, gain_after_days)
    if not limits.given:
        raise typer.BadParameter("name at least one limit", param_hint="--share, --floor, …")
    run(_set(context.obj, _school(organisation), _days(first, last), limits))
    say(f"{organisation or 'all schools'}: set; what is planned from now on goes by it")


@commands.command("drop")
def drop(context: typer.Context, organisation: Organisation = None, first: From = None, last: To = None) -> None:
    """Drop what was set for exactly this school and these days."""
    if not run(_dropped(context.obj, _school(organisation), _days(first, last))):
        raise Failed("nothing was set for exactly this school and these days (rollcall guards list)")
    say(f"{organisation or 'all schools'}: dropped")


def _school(organisation: str | None) -> OrganisationId:
    return OrganisationId(organisation) if organisation is not None else ALL_SCHOOLS


def _days(first: datetime | None, last: datetime | None) -> tuple[date, date]:
    days = first.date() if first else date.min, last.date() if last else date.max
    if days[0] > days[1]:
        raise typer.BadParameter("the last day is before the first", param_hint="--to")
    return days


async def _listed(settings: Settings) -> Sequence[GuardLimitsView]:
    async with ready_app(settings) as app:
        return await app.registry.operations.guard_limits()


async def _set(settings: Settings, organisation: OrganisationId, days: tuple[date, date], limits: Limits) -> None:
    async with ready_app(settings) as app:
        if organisation != ALL_SCHOOLS and await app.registry.schools.organisation(organisation) is None:
            raise Failed(f"nobody has registered the school {organisation}")
        await set_guards(app.database, Span(organisation, *days, limits, operator(), app.clock.now()))


async def _dropped(settings: Settings, organisation: OrganisationId, days: tuple[date, date]) -> bool:
    async with ready_app(settings) as app:
        return await drop_guards(app.database, organisation, *days)


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(commands, name="guards")
