"""An import, from its package to the outcomes of its events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from adapters.packages.facts.known import Known
from adapters.packages.files.folder_or_zip import size_of
from adapters.packages.options import Options
from adapters.packages.package import Package, open_package
from rollcall.app import App
from rollcall.delivery import DeliveryOutcome, IntoDatabase, open_delivery
from rollcall.import_shown import places_of, print_summary, say_warnings, show_plan
from rollcall.importing import Spool, hold_of, known_to, open_holds, previews
from rollcall.loop import collect_rarely, run
from rollcall.output import Exit, print_json, say
from rollcall.progress import progress
from rollcall.publishing import Line, batches
from rollcall.ready import ready_app
from rollcall.settings import Settings
from sync.ids import OrganisationId
from sync.wording import number_of

TOLD = 100  # rejections, one by one


def import_package(
    settings: Settings, path: Path, previous: Path | None, options: Options, *, plan: bool, as_json: bool
) -> Exit:
    """Read a package and send what it changes, or show it; blocks until all is sent.

    Raises:
        PackageError: it cannot be read, or in strict mode has anything a warning is due for.
        Failed: its events cannot be delivered.
    """
    collect_rarely()
    package = _read(path, options)
    base = _base(previous, package, options)
    return run(_import(settings, package, options, base, plan=plan, as_json=as_json))


def _read(path: Path, options: Options) -> Package:
    """Read a package, with a progress bar by bytes."""
    seen = 0
    with progress("reading", size_of(path, options)) as done:

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
    """The summary of an import, printed at the end."""

    package: Package
    options: Options
    spool: Spool
    outcomes: Counter[str] = field(default_factory=Counter)
    rejected: list[DeliveryOutcome] = field(default_factory=list)
    holds: list[dict[str, Any]] = field(default_factory=list)
    stalled: dict[OrganisationId, str] = field(default_factory=dict)

    def add(self, delivered: Iterable[DeliveryOutcome]) -> None:
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
    async with ready_app(settings) as app:
        known = base if base is not None else await known_to(app, package, options)
        spool = Spool(package, package.events(known))
        if plan:
            return await show_plan(package, options, spool, previews(app, spool), as_json=as_json)
        return await _into_database(app, _Report(package, options, spool), as_json=as_json)


async def _sent_on(settings: Settings, report: _Report, *, as_json: bool) -> Exit:
    lines = (Line(number, event) for number, event in enumerate(report.spool, start=1))
    async with open_delivery(settings) as delivery:
        with progress("sending", report.spool.number) as done:
            for batch in batches(lines):
                report.add(await delivery.deliver([line.event for line in batch]))
                done(len(batch))
    return _told(report, as_json=as_json)


async def _into_database(app: App, report: _Report, *, as_json: bool) -> Exit:
    """One transaction a school."""
    delivery = IntoDatabase(app.intake(lambda ingested: report.stalled.update(ingested.stalled)))
    before = {hold.id for hold in await open_holds(app, report.package.organisations)}
    with progress("sending", report.spool.number) as done:
        for events in report.spool.by_school():
            report.add(await delivery.deliver(events))
            done(len(events))
    holds = await open_holds(app, report.package.organisations)
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
        waiting = f"the changes of {number_of(hold['persons'], 'person')} wait for a person"
        told = f"hold {hold['id']}: {hold['limit']}; {waiting} (rollcall holds show {hold['id']})"
        say(f"{hold['organisation_id']}: {told}")
    outcomes = dict(sorted(report.outcomes.items()))
    if as_json:
        head = {"format": report.package.kind.value, "as_of": report.options.day.isoformat()}
        found = {"warnings": report.package.warnings, "places": places_of(report.package)}
        print_json({**head, "events": report.spool.number, "outcomes": outcomes, **found, "holds": report.holds})
    else:
        print_summary(report.package, report.spool, {"sent": report.spool.number, **outcomes})
    return report.code
