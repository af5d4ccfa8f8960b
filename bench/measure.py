"""Figures and their ceilings: taken in turns, told as medians and ratios."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from bench import cpu


@dataclass(slots=True)
class Stopwatch:
    """Seconds gone by, and seconds of processors: of this process and all below it, and of this one alone."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    own_cpu_seconds: float = 0.0


@contextmanager
def timed() -> Iterator[Stopwatch]:
    watch, before, own, began = Stopwatch(), cpu.spent(), time.process_time(), time.perf_counter()
    yield watch
    watch.seconds = time.perf_counter() - began
    watch.cpu_seconds = cpu.since(before)
    watch.own_cpu_seconds = time.process_time() - own


@dataclass(slots=True)
class Pairs:
    """A figure and its ceiling, measured one after the other, round by round.

    A machine that is busy for a while slows both of a round: so the ratio is the median of the rounds' ratios, and not
    that of the medians.
    """

    what: str
    unit: str
    ours: list[float] = field(default_factory=list)
    ceiling: list[float] = field(default_factory=list)

    def add(self, ours: float, ceiling: float) -> None:
        self.ours.append(ours)
        self.ceiling.append(ceiling)

    @property
    def ratios(self) -> list[float]:
        return [ours / ceiling for ours, ceiling in zip(self.ours, self.ceiling, strict=True)]

    def row(self) -> str:
        """A line of the table: what, ours, ceiling, their ratio, and the lowest and highest of the rounds."""
        low, high = min(self.ratios), max(self.ratios)
        figures = f"{_number(median(self.ours))} {self.unit} | {_number(median(self.ceiling))} {self.unit}"
        return f"| {self.what} | {figures} | **{median(self.ratios):.2f}** | {low:.2f}-{high:.2f} |"


@dataclass(slots=True)
class Rates:
    """So many of something a second, by the clock and by the processors' time that all of it took."""

    what: str
    unit: str
    pairs: list[Pairs] = field(init=False)

    def __post_init__(self) -> None:
        self.pairs = [Pairs(self.what, f"{self.unit}/s"), Pairs(self.what, f"{self.unit}/CPU s")]

    def add(self, number: int, ours: Stopwatch, ceiling: Stopwatch) -> None:
        by_clock, by_cpu = self.pairs
        by_clock.add(number / ours.seconds, number / ceiling.seconds)
        by_cpu.add(number / ours.cpu_seconds, number / ceiling.cpu_seconds)


HEAD = "| what | ours | ceiling | ratio | of the rounds |\n|---|---|---|---|---|"


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
