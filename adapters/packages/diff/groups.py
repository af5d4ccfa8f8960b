"""The events of groups: what opens, changes and closes."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.packages.diff.comparison import Comparison
from adapters.packages.diff.envelope import Said, said
from adapters.packages.facts.joined import ENROLMENT
from sync.facts import GROUP_ROSTER, GROUP_STATE, GROUP_TEACHER, Key


def group_events(comparison: Comparison) -> Iterator[Said]:
    """Of each group its opening with all that it has, or what has changed; then those closed."""
    for key in comparison.spoken_of(GROUP_STATE, GROUP_TEACHER, GROUP_ROSTER):
        named = {"group_id": key[1]}
        teacher, students = {"teacher_id": _teacher(comparison, key)}, {"student_ids": _roster(comparison, key)}
        if comparison.is_news(GROUP_STATE, key):
            yield said("group.opened", key, {**named, **_group(comparison, key), **teacher, **students})
            continue
        if comparison.is_news(GROUP_TEACHER, key):
            yield said("group.teacher_assigned", key, {**named, **teacher})
        if comparison.is_news(GROUP_ROSTER, key) and students["student_ids"] != _listed(comparison, key):
            yield said("group.students_set", key, {**named, **students})
    for key in comparison.ended(GROUP_STATE):
        yield said("group.closed", key, {"group_id": key[1]})


def _group(comparison: Comparison, key: Key) -> dict[str, str | None]:
    state = comparison.snapshot.of(GROUP_STATE)[key].value
    return {"class_id": state.class_id, "subject": state.subject, "name": state.name}


def _teacher(comparison: Comparison, key: Key) -> str | None:
    """The stated teacher, else the known one: an event that opens a group has to name both."""
    stated = comparison.stated(GROUP_TEACHER, key)
    value = stated.value if stated is not None else comparison.was(GROUP_TEACHER, key)
    return value.employee_id if value is not None else None


def _roster(comparison: Comparison, key: Key) -> list[str] | None:
    """The stated students, else the known ones; both where nobody may be removed."""
    stated, listed = comparison.stated(GROUP_ROSTER, key), _listed(comparison, key)
    if stated is None:
        return listed if comparison.was(GROUP_ROSTER, key) is not None else []
    stay = comparison.has_few(ENROLMENT, key[0]) or comparison.keeps(GROUP_ROSTER, key)
    kept = listed or [] if stay else []
    return sorted({*stated.value.student_ids, *kept})


def _listed(comparison: Comparison, key: Key) -> list[str] | None:
    was = comparison.was(GROUP_ROSTER, key)
    return None if was is None or was.student_ids is None else list(was.student_ids)
