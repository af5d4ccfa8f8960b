"""CloudEvents from a file on their way: read, checked, and delivered in batches."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from events.decode import decode
from rollcall.delivery import DeliveryOutcome, open_delivery
from rollcall.loop import run
from rollcall.output import Failed, say
from rollcall.progress import progress
from rollcall.settings import Settings
from schemas.rejections import Rejection

BATCH_EVENTS, BATCH_BYTES = 1000, 3_000_000  # a server takes 4 MiB


class Line(NamedTuple):
    """A line of the file, counted from 1."""

    number: int
    event: bytes


@dataclass(slots=True)
class Report:
    """What became of the events of a file."""

    outcomes: dict[str, int] = field(default_factory=dict)
    wrong: list[dict[str, Any]] = field(default_factory=list)

    def add(self, line: Line, delivered: DeliveryOutcome) -> None:
        self.outcomes[delivered.outcome] = self.outcomes.get(delivered.outcome, 0) + 1
        if delivered.reason is not None:
            errors = list(delivered.errors)
            self.wrong.append({"line": line.number, "reason": delivered.reason, "errors": errors})
            for error in errors:
                say(f"line {line.number}: {delivered.reason}: {error.get('pointer', '')} {error['detail']}")


def lines_of(file: Path) -> Iterator[Line]:
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise Failed(f"{file}: {error.strerror}") from error
    for number, text in enumerate(content.split(b"\n"), start=1):
        if text.strip():
            yield Line(number, text.strip())


def checked(lines: Iterable[Line]) -> Report:
    report, now = Report(), datetime.now(UTC)
    for line in lines:
        read = decode(line.event, (), now)
        if isinstance(read, Rejection):
            errors = [{"pointer": wrong.pointer, "detail": wrong.detail} for wrong in read.errors]
            report.add(line, DeliveryOutcome("rejected", read.reason, errors))
        else:
            report.add(line, DeliveryOutcome("valid"))
    return report


def published(settings: Settings, lines: list[Line]) -> Report:
    """Publishes them, batch by batch; blocks."""
    return run(_published(settings, lines))


async def _published(settings: Settings, lines: list[Line]) -> Report:
    report = Report()
    with progress("publishing", len(lines)) as done:
        async with open_delivery(settings) as delivery:
            for batch in batches(lines):
                good = [line for line in batch if _fits(line, report)]
                for line, delivered in zip(good, await delivery.deliver([line.event for line in good]), strict=True):
                    report.add(line, delivered)
                done(len(batch))
    return report


def _fits(line: Line, report: Report) -> bool:
    """Whether a line can stand in a batch: what is no JSON would spoil all of it."""
    read = decode(line.event, (), datetime.now(UTC))
    if isinstance(read, Rejection) and read.reason in {"not_json", "too_large"}:
        errors = [{"pointer": wrong.pointer, "detail": wrong.detail} for wrong in read.errors]
        report.add(line, DeliveryOutcome("rejected", read.reason, errors))
        return False
    return True


def batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """The lines in batches that a server takes."""
    batch: list[Line] = []
    size = 0
    for line in lines:
        if batch and (len(batch) == BATCH_EVENTS or size + len(line.event) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line.event) + 1
    if batch:
        yield batch
