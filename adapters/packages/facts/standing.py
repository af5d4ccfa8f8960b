"""Whether a fact says that something is, and not that it is not."""

from __future__ import annotations

from adapters.packages.facts.joined import Employment, Enrolment
from adapters.packages.facts.known import Was
from sync.facts import (
    Block,
    ClassState,
    GroupState,
    Guardianship,
)


def is_on(value: object) -> bool:
    """Whether a fact's value says that something is; None, of a fact that is not known, says it of nothing."""
    match value:
        case Employment(position_type=None) | Enrolment(class_id=None) | Guardianship(assigned=False):
            return False
        case ClassState(open=False) | GroupState(open=False) | Block(blocked=False) | None:
            return False
    return True


def stands(known: Was, announced_by: str | None = None) -> bool:
    """Whether a known fact says that something is, on the day or announced for later (by one source, where named)."""
    return is_on(known.value) or any(
        is_on(ahead.value) for ahead in known.ahead if announced_by in {None, ahead.source}
    )
