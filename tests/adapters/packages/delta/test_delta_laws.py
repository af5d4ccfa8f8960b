"""What holds of any delta: it leads to where the bulk of its result leads."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.adapters.packages.diff.test_laws import applied, names, speaking
from tests.adapters.packages.written import Reader, Written, delta

Key = tuple[str, ...]
ROLES = st.sampled_from(["teacher", "principal", "aide"])


@st.composite
def rosters(draw: st.DrawFn) -> Written:
    """Two schools; a pupil has one homeroom, a class one teacher, an employee one role.

    Facts remember no more than that: of several classes, teachers or roles they know the one that counts.
    """
    package = speaking(Written().school("s1").school("s2").section("h", at="s1").section("k", at="s2"), "h", "k")
    for key, title in sorted(draw(st.dictionaries(st.sampled_from("cde"), st.sampled_from("АБ"))).items()):
        package.section(key, "homeroom" if key == "c" else "scheduled", "s1" if key in "cd" else "s2", title=title)
    sections = [id_ for row in package.rows["classes.csv"] if len(id_ := row["sourcedId"]) == 1]
    homerooms = [key for key in sections if key in "hck"]
    staff = draw(st.dictionaries(st.sampled_from("tuv"), st.tuples(ROLES, st.sampled_from(["s1", "s2"]))))
    for key, (role, school) in sorted(staff.items()):
        package.user(key, role, school)
    parents = sorted(draw(st.sets(st.sampled_from("mno"))))
    for key in parents:
        package.user(key, "parent", draw(st.sampled_from(["s1", "s2"])))
    for number in sorted(draw(st.sets(st.integers(0, 5)))):
        key, home = f"p{number}", draw(st.sampled_from(homerooms))
        agents = sorted(draw(st.sets(st.sampled_from(parents)))) if parents else []
        school = "s2" if home == "k" else "s1"
        package.user(key, "student", school, familyName=draw(names), agentSourcedIds=",".join(agents))
        for section in sorted({home, *draw(st.sets(st.sampled_from([*sections]).filter(lambda id_: id_ in "de")))}):
            package.enrol(key, section)
    teachers = [key for key, (role, _) in sorted(staff.items())]
    for section in sections:
        if bool(teachers) and draw(st.booleans()):
            package.enrol(draw(st.sampled_from(teachers)), section, "teacher", primary="true")
    return package


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(rosters(), rosters())
def test_a_bulk_and_then_a_delta_is_the_bulk_of_the_result(before: Written, now: Written) -> None:
    changed = delta(before, now)
    with tempfile.TemporaryDirectory() as folder:
        read = Reader(Path(folder))
        start = applied({}, read(before).events)
        wanted = applied({}, read(now).events)
        told = read.after(before, changed) if any(changed.rows.values()) else None
        state = applied(start, told.events) if told is not None else start
    # Whose row lists nobody any more is silent: the links may stand on the others' rows.
    silent = {row["sourcedId"] for row in changed.rows["users.csv"] if not row.get("agentSourcedIds")}
    assert _comparable(state, wanted, silent) == _comparable(wanted, wanted, silent)
    assert told is None or told.warnings == {}


def _comparable(state: Mapping[Key, Any], wanted: Mapping[Key, Any], silent: set[str]) -> dict[Key, Any]:
    """Names stay known of who has left; what a guardian is called is not known of who was none and has no row."""
    told = {key: value for key, value in state.items() if key[0] != "guardian" or key[-1] not in silent}
    return {key: key[0] == "guardian" or value for key, value in told.items() if key[0] != "person" or key in wanted}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(rosters(), rosters())
def test_a_delta_whose_result_is_known_tells_nothing(before: Written, now: Written) -> None:
    changed = delta(before, now)
    if any(changed.rows.values()):
        with tempfile.TemporaryDirectory() as folder:
            assert Reader(Path(folder)).after(now, changed).told == []
