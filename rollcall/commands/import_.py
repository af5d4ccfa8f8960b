"""`rollcall import`: a roster package becomes events."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.database.known import known_facts, known_schools
from adapters.packages.files import size_of
from adapters.packages.findings import PackageError
from adapters.packages.known import Ahead, Known, Was
from adapters.packages.options import ClassesMode, Options
from adapters.packages.package import Package, open_package
from rollcall.commands.publish import Line, batches
from rollcall.delivery import Delivered, Delivery, IntoDatabase, counted, open_delivery
from rollcall.loop import run
from rollcall.output import AsJson, Exit, Failed, print_fields, print_json, say
from rollcall.parts import Parts, ready_parts_of
from rollcall.progress import progress
from rollcall.settings import Settings
from sync.views import Window

Event = dict[str, Any]


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
        raise Failed(str(error)) from error
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


async def _import(
    settings: Settings, package: Package, options: Options, base: Known | None, *, plan: bool, as_json: bool
) -> Exit:
    if settings.server_url is not None or settings.kafka_bootstrap_servers is not None:
        events = list(package.events(base))
        delivered = [] if plan else await _delivered(settings, events)
        return _told(package, options, events, delivered, held=False, plan=plan, as_json=as_json)
    async with ready_parts_of(settings) as parts:
        events = list(package.events(base or await _known(parts, package, options)))
        before = await _holds(parts, package)
        delivered = [] if plan else await _into_database(parts, events)
        held = await _holds(parts, package) != before
    return _told(package, options, events, delivered, held=held, plan=plan, as_json=as_json)


async def _known(parts: Parts, package: Package, options: Options) -> Known:
    async with parts.database.reading() as connection:
        schools = await known_schools(connection, package.people, package.sections)
        facts = await known_facts(connection, sorted({*package.organisations, *schools}), options.day)
    return {
        kind: {
            key: Was(fact.value, fact.source, tuple(Ahead(*ahead) for ahead in fact.ahead))
            for key, fact in of_kind.items()
        }
        for kind, of_kind in facts.items()
    }


async def _into_database(parts: Parts, events: Iterable[Event]) -> list[Delivered]:
    """One transaction a school: guards see the whole of what it changes."""
    delivery, by_school = IntoDatabase(parts.intake(lambda _: None)), dict[str, list[bytes]]()
    for event in events:
        by_school.setdefault(event["data"]["organisation_id"], []).append(_written(event))
    return await _sent(delivery, [by_school[school] for school in sorted(by_school)])


async def _delivered(settings: Settings, events: Iterable[Event]) -> list[Delivered]:
    lines = (Line(number, _written(event)) for number, event in enumerate(events, start=1))
    async with open_delivery(settings) as delivery:
        return await _sent(delivery, [[line.event for line in batch] for batch in batches(lines)])


async def _sent(delivery: Delivery, batches: Sequence[Sequence[bytes]]) -> list[Delivered]:
    delivered: list[Delivered] = []
    with progress("sending", sum(map(len, batches))) as done:
        for batch in batches:
            delivered += await delivery.deliver(batch)
            done(len(batch))
    return delivered


def _written(event: Event) -> bytes:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


async def _holds(parts: Parts, package: Package) -> int:
    listed = await parts.registry.holds(frozenset(package.organisations), Window(limit=1, counted=True))
    return listed.total or 0


def _told(
    package: Package,
    options: Options,
    events: Sequence[Event],
    delivered: Sequence[Delivered],
    *,
    held: bool,
    plan: bool,
    as_json: bool,
) -> Exit:
    """Prints what was read and sent, and says how the command ends."""
    for kind, number in package.warnings.items():
        place = next((str(place) for place in package.places.get(kind, ()) if any(place)), "")
        say(f"warning: {kind}: {number}" + (f" (first in {place})" if place else ""))
    for school in package.held:
        say(f"{school}: under half of its known students are in the package; nobody is removed")
    rejected = [each for each in delivered if each.outcome == "rejected"]
    for each in rejected[:100]:
        say(f"rejected: {each.reason}: {', '.join(error.get('pointer', '') for error in each.errors)}")
    if as_json:
        print_json(_as_json(package, options, events, delivered, plan=plan))
    else:
        shown: Mapping[str, int] = Counter(event["type"] for event in events) if plan else counted(delivered)
        print_fields({"events": len(events), **shown}, as_json=False)
    if rejected:
        return Exit.FAILED
    return Exit.NEEDS_PERSON if held or package.needs_person else Exit.DONE


def _as_json(
    package: Package, options: Options, events: Sequence[Event], delivered: Sequence[Delivered], *, plan: bool
) -> dict[str, Any]:
    head = {"format": package.kind.value, "as_of": options.day.isoformat()}
    found = {"warnings": package.warnings, "places": _places(package)}
    if plan:
        return {**head, "events": list(events), **found, "plan": None}
    return {**head, "events": len(events), "outcomes": counted(delivered), **found}


def _places(package: Package) -> dict[str, list[dict[str, Any]]]:
    """Where the first hundred warnings of each kind were found: file, line and column."""
    return {kind: [place._asdict() for place in places if any(place)] for kind, places in package.places.items()}


def add_to(app: typer.Typer) -> None:
    app.command("import")(import_package)
