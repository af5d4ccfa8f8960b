"""Counting the outbox: which rooms differ, and which count their persons belong to. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sync.places import ARCHIVED, OPEN, UNKNOWN
from sync.platform import Capabilities

PENDING, IN_FLIGHT, RETRYING, WAITING = "pending", "in_flight", "retrying", "waiting"


def room_differs(
    wanted_life: str, observed_life: str, wanted_title: str, observed_title: str | None, can: Capabilities
) -> bool:
    """Whether the room itself, its life or its title, is not as wanted."""
    if observed_life != OPEN:
        return observed_life == UNKNOWN
    if wanted_life == ARCHIVED and can.archives_chats:
        return True
    return observed_title != wanted_title[: can.title_length]


@dataclass(frozen=True, slots=True)
class Load:
    """The work in one room. `persons`: those with a place that differs or is in doubt; `joining`: those of them who are
    to be in it; `differs`: whether the room itself differs. `flying`: the persons of a call in flight, None without
    one; `differing`: the other persons who differ then. `stuck`: the room waits for a person; `later`: it waits for its
    next attempt.
    """

    persons: int = 0
    joining: int = 0
    differs: bool = False
    flying: Collection[str] | None = None
    differing: Collection[str] = ()
    stuck: bool = False
    later: bool = False


def counts(load: Load) -> dict[str, int]:
    """How many persons of a room are in which count; a room that differs is one more pending."""
    if load.stuck:
        return {WAITING: load.joining}
    own = int(load.differs)
    if load.flying is None:
        return {RETRYING if load.later else PENDING: load.persons + own}
    if not load.flying:  # the call is about the room itself
        return {IN_FLIGHT: 1, PENDING: load.persons}
    return {IN_FLIGHT: len(load.flying), PENDING: len(set(load.differing) - set(load.flying)) + own}
