"""`rollcall import`: a roster package becomes events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.packages.facts.known import Known
from adapters.packages.files.folder_or_zip import size_of
from adapters.packages.findings import PackageError
from adapters.packages.options import ClassesMode, Options
from adapters.packages.package import Package, open_package
from rollcall.commands.publish import Line, batches
from rollcall.delivery import Delivered, IntoDatabase, open_delivery
from rollcall.import_shown import places_of, print_summary, say_warnings, show_plan
from rollcall.importing import Spool, hold_of, known_to, open_holds, previews
from rollcall.loop import run
from rollcall.output import AsJson, Exit, Failed, print_json, say
from rollcall.parts import Parts, ready_parts_of
from rollcall.progress import progress
from rollcall.settings import Settings

TOLD = 100  # rejections, one by one


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise typer.BadParameter("a time needs an offset")
    return moment


def import_package(  # noqa: PLR0917 - its options, each by name on the command line
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="A folder or a zip.")],
    plan: Annotated[bool, typer.Option("--plan", help="Show the events; send nothing.")] = False,  # noqa: FBT002
    previous: Annotated[Path | None, typer.Option(help="The package before, to compare with.")] = None,
    as_of: Annotated[date | None, typer.Option(parser=_day, metavar="DATE", help="The day to read it for.")] = None,
    at: Annotated[datetime | None, typer.Option(parser=_moment, metavar="TIME", help="When it was exported.")] = None,
    namespace: Annotated[str | None, typer.Option(help="Goes before every id.")] = None,
    source: Annotated[str | None, typer.Option(help="The name of the system it comes from.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="The schools' time zone.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Of its texts, else UTF-8.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="A warning is an error.")] = False,  # noqa: FBT002
    block_disabled: Annotated[bool, typer.Option("--block-disabled", help="Block disabled users.")] = False,  # noqa: FBT002
    classes: Annotated[ClassesMode, typer.Option(help="What becomes a class.")] = ClassesMode.AUTO,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Read a OneRoster or SDS package and send what it changes, as events."""
    options = Options(
        at=at or datetime.now(UTC),
        as_of=as_of,
        namespace=namespace,
        source=source,
        time_zone=time_zone,
        encoding=encoding,
        strict=strict,
        block_disabled=block_disabled,
        classes=classes,
    )
    try:
        package = _read(path, options)
        base = _base(previous, package, options)
        code = run(_import(context.obj, package, options, base, plan=plan, as_json=as_json))
    except PackageError as error:
        raise Failed(f"{error}; nothing was sent") from error
    if code is not Exit.DONE:
        raise typer.Exit(code)


def _read(path: Path, options: Options) -> Package:
    """Reads a package, with a bar of its bytes."""
    seen = 0
    with progress("reading", size_of(path)) as done:

        def step(_: int, read: int) -> None:
            nonlocal seen
            done(read - seen)
            seen = read

        return open_package(path, replace(options, progress=step))


def _base(previous: Path | None, package: Package, options: Options) -> Known | None:
    if previous is None:
        return None
    before = _read(previous, replace(options, strict=False, keeps_ended=True))
    return before.known_to(package.source)


@dataclass(slots=True)
class _Report:
    """What an import came to, as far as it is told at the end."""

    package: Package
    options: Options
    spool: Spool
    outcomes: Counter[str] = field(default_factory=Counter)
    rejected: list[Delivered] = field(default_factory=list)
    holds: list[dict[str, Any]] = field(default_factory=list)
    stalled: dict[str, str] = field(default_factory=dict)

    def add(self, delivered: Iterable[Delivered]) -> None:
        for each in delivered:
            self.outcomes[each.outcome] += 1
            if each.outcome == "rejected" and len(self.rejected) < TOLD:
                self.rejected.append(each)

    @property
    def code(self) -> Exit:
        if self.outcomes["rejected"] or self.stalled:
            return Exit.FAILED
        return Exit.NEEDS_PERSON if self.holds or self.package.needs_person else Exit.DONE


async def _import(
    settings: Settings, package: Package, options: Options, base: Known | None, *, plan: bool, as_json: bool
) -> Exit:
    if settings.server_url is not None or settings.kafka_bootstrap_servers is not None:
        report = _Report(package, options, Spool(package, package.events(base)))
        if plan:
            say("no plan: what the events would do only the database can tell, and they would go elsewhere")
            return await show_plan(report.package, options, report.spool, None, as_json=as_json)
        return await _sent_on(settings, report, as_json=as_json)
    async with ready_parts_of(settings) as parts:
        known = base if base is not None else await known_to(parts, package, options)
        spool = Spool(package, package.events(known))
        if plan:
            return await show_plan(package, options, spool, previews(parts, spool), as_json=as_json)
        return await _into_database(parts, _Report(package, options, spool), as_json=as_json)


async def _sent_on(settings: Settings, report: _Report, *, as_json: bool) -> Exit:
    lines = (Line(number, event) for number, event in enumerate(report.spool, start=1))
    async with open_delivery(settings) as delivery:
        with progress("sending", report.spool.number) as done:
            for batch in batches(lines):
                report.add(await delivery.deliver([line.event for line in batch]))
                done(len(batch))
    return _told(report, as_json=as_json)


async def _into_database(parts: Parts, report: _Report, *, as_json: bool) -> Exit:
    """One transaction a school."""
    delivery = IntoDatabase(parts.intake(lambda ingested: report.stalled.update(ingested.stalled)))
    before = {hold.id for hold in await open_holds(parts, report.package.organisations)}
    with progress("sending", report.spool.number) as done:
        for events in report.spool.by_school():
            report.add(await delivery.deliver(events))
            done(len(events))
    holds = await open_holds(parts, report.package.organisations)
    report.holds = [hold_of(hold) for hold in holds if hold.id not in before]
    return _told(report, as_json=as_json)


def _told(report: _Report, *, as_json: bool) -> Exit:
    """Prints what was read and sent, and says how the command ends."""
    say_warnings(report.package)
    for each in report.rejected:
        say(f"rejected: {each.reason}: {', '.join(error.get('pointer', '') for error in each.errors)}")
    for school, error in report.stalled.items():
        say(f"{school}: {error}; its facts are kept, and planning is tried again")
    for hold in report.holds:
        say(
            f"{hold['organisation_id']}: hold {hold['id']}: {hold['limit']}; the removals of {hold['persons']} persons "
            f"wait: rollcall holds approve {hold['id']} --reason TEXT, or reject"
        )
    outcomes = dict(sorted(report.outcomes.items()))
    if as_json:
        head = {"format": report.package.kind.value, "as_of": report.options.day.isoformat()}
        found = {"warnings": report.package.warnings, "places": places_of(report.package)}
        print_json({**head, "events": report.spool.number, "outcomes": outcomes, **found, "holds": report.holds})
    else:
        print_summary(report.package, report.spool, {"sent": report.spool.number, **outcomes})
    return report.code


def add_to(app: typer.Typer) -> None:
    app.command("import")(import_package)
