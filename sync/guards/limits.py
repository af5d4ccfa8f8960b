"""The limits of guards: the settings', and others for a school or a span of days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sync.ids import OrganisationId

ALL_SCHOOLS = OrganisationId("")


@dataclass(frozen=True, slots=True)
class Limit:
    """Broken by more than `floor` persons who are also more than `share` of those who were there."""

    share: float
    floor: int

    def broken(self, leaving: int, there: int) -> bool:
        return leaving > self.floor and leaving > self.share * there


@dataclass(frozen=True, slots=True)
class Guards:
    """`kind_floor`: so many must have left before the last of a kind are held. `gain`: how many may join a default chat
    in a day whose room is older than `gain_after`, however few it had.
    """

    on: bool = True
    organisation: Limit = field(default_factory=lambda: Limit(0.20, 20))
    chat: Limit = field(default_factory=lambda: Limit(0.50, 10))
    kind_floor: int = 5
    gain: int = 40
    gain_after: timedelta = timedelta(days=14)


class Limits(NamedTuple):
    """Limits by the names they are set by; None: not overridden."""

    share: float | None = None
    floor: int | None = None
    chat_share: float | None = None
    chat_floor: int | None = None
    kind_floor: int | None = None
    gain: int | None = None
    gain_after_days: int | None = None

    @property
    def given(self) -> dict[str, float]:
        return {name: value for name, value in self._asdict().items() if value is not None}


class Span(NamedTuple):
    """Other limits, of one school or of all; both days are in it, `date.min` and `date.max` leave an end open."""

    organisation_id: OrganisationId
    from_on: date
    to_on: date
    limits: Limits
    set_by: str
    set_at: datetime

    def holds(self, organisation_id: OrganisationId, day: date) -> bool:
        return self.organisation_id in {ALL_SCHOOLS, organisation_id} and self.from_on <= day <= self.to_on

    @property
    def rank(self) -> tuple[bool, bool, datetime]:
        """Of two spans that hold, the higher rank wins: one for a span of days over one for ever, a school's own over
        one for all schools, the one set later over the earlier.
        """
        dated = (self.from_on, self.to_on) != (date.min, date.max)
        return dated, self.organisation_id != ALL_SCHOOLS, self.set_at


def guards_on(guards: Guards, spans: Iterable[Span], organisation_id: OrganisationId, day: date) -> Guards:
    """The guards of a school on one of its days. Each limit comes from the highest-ranking span that sets it."""
    said: dict[str, float] = {}
    for span in sorted((span for span in spans if span.holds(organisation_id, day)), key=lambda span: span.rank):
        said |= span.limits.given
    return _with(guards, said) if said else guards


def _with(guards: Guards, said: Mapping[str, float]) -> Guards:
    organisation, chat = guards.organisation, guards.chat
    days = said.get("gain_after_days")
    return replace(
        guards,
        organisation=Limit(said.get("share", organisation.share), int(said.get("floor", organisation.floor))),
        chat=Limit(said.get("chat_share", chat.share), int(said.get("chat_floor", chat.floor))),
        kind_floor=int(said.get("kind_floor", guards.kind_floor)),
        gain=int(said.get("gain", guards.gain)),
        gain_after=guards.gain_after if days is None else timedelta(days=days),
    )
