"""What holds of any package: what was written is read back, and the difference leads from the one to the other."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.characters import cleaned
from tests.adapters.packages.written import Read, Reader, Written

names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=6)
titles = st.text(st.sampled_from("5АБ\",;'\n«»é😀 "), min_size=1, max_size=5).filter(lambda text: text.strip() == text)


@st.composite
def packages(draw: st.DrawFn) -> Written:
    """Two schools, each with homerooms and groups; everybody is enrolled, teaches or guards as it comes."""
    package = speaking(Written().school("s1").school("s2").section("h", at="s1").section("h2", at="s2"), "h", "h2")
    sections = draw(st.dictionaries(st.sampled_from("cdefg"), st.tuples(titles, st.booleans(), st.booleans())))
    for key, (title, homeroom, second) in sections.items():
        kind = "homeroom" if homeroom else "scheduled"
        package.section(key, kind, "s2" if second else "s1", title=title)
    pupils = draw(st.dictionaries(st.integers(0, 9), st.tuples(names, st.sets(st.sampled_from(["h", *sections])))))
    parents = draw(st.sets(st.sampled_from("mno")))
    for number, (name, seats) in pupils.items():
        agents = draw(st.sets(st.sampled_from(sorted(parents)))) if parents else set()
        package.user(f"p{number}", "student", familyName=name, agentSourcedIds=",".join(sorted(agents)))
        for section in sorted(seats):
            package.enrol(f"p{number}", section)
    for parent in sorted(parents):
        package.user(parent, "parent")
    for teacher, sections_taught in draw(
        st.dictionaries(st.sampled_from("tuv"), st.sets(st.sampled_from(["h", *sections])))
    ).items():
        package.user(teacher, draw(st.sampled_from(["teacher", "principal", "aide"])))
        for section in sorted(sections_taught):
            package.enrol(teacher, section, "teacher", primary=draw(st.sampled_from(["true", "false"])))
    return package


def speaking(package: Written, *homerooms: str) -> Written:
    """Of what there is no row nothing is said: a pupil, a guardian, a teacher and a group of each school, always."""
    for number, homeroom in enumerate(homerooms, start=1):
        school, group, pupil, parent, teacher = (f"{kind}{number}" for kind in ("s", "yg", "ys", "yp", "yt"))
        package.section(group, "scheduled", school).user(teacher, "teacher", school).enrol(teacher, group, "teacher")
        package.user(parent, "parent", school).pupil(pupil, homeroom, school, agentSourcedIds=parent)
        package.enrol(pupil, group)
    return package


KINDS = {"student": "students", "employee": "staff", "guardian": "guardians", "class": "classes"}
quickly = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quickly
@given(packages())
def test_what_was_written_is_read_back(package: Written) -> None:
    with tempfile.TemporaryDirectory() as folder:
        state = applied({}, Reader(Path(folder))(package).events)
    taken = {row["userSourcedId"] for row in package.rows["enrollments.csv"] if row["role"] == "student"}
    homerooms = {row["sourcedId"]: row for row in package.rows["classes.csv"] if row["classType"] == "homeroom"}
    assert {key[-1]: state[key]["name"] for key in state if key[0] == "class"} == {
        key: cleaned(row["title"]) for key, row in homerooms.items()
    }
    for key, value in state.items():
        if key[0] == "enrolment":
            assert key[-1] in taken
            assert value in homerooms
    for row in package.rows["users.csv"]:
        if ("person", row["sourcedId"]) in state:
            assert state["person", row["sourcedId"]]["last_name"] == cleaned(row["familyName"])
    for row in package.rows["classes.csv"]:
        if row["classType"] != "homeroom":
            listed = {seat["userSourcedId"] for seat in _pupils(package, row["sourcedId"])}
            assert state["group", row["schoolSourcedId"], row["sourcedId"]]["student_ids"] == sorted(listed)


@quickly
@given(packages(), packages())
def test_the_difference_of_two_packages_leads_from_the_one_to_the_other(before: Written, now: Written) -> None:
    with tempfile.TemporaryDirectory() as folder:
        read = Reader(Path(folder))
        difference = read.after(before, now)
        state = applied(applied({}, read(before).events), difference.events)
        wanted = applied({}, read(now).events)
    few = difference.package.few
    for event in difference.events:
        entity, verb = event["type"].split(".")[1:3]
        kinds = few.get(event["data"]["organisation_id"], ())
        assert verb not in {"expelled", "removed", "dismissed", "closed"} or KINDS.get(entity) not in kinds
    # Names stay known of who has left.
    keys = {key for key in state.keys() | wanted.keys() if key[0] != "person" and not few.get(key[1])}
    assert {key: state.get(key) for key in keys} == {key: wanted.get(key) for key in keys}


@quickly
@given(packages())
def test_a_package_differs_from_itself_in_nothing(package: Written) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert Reader(Path(folder)).after(package, package).events == []


def _pupils(package: Written, section: str) -> list[dict[str, str]]:
    rows = package.rows["enrollments.csv"]
    return [row for row in rows if row["classSourcedId"] == section and row["role"] == "student"]


def applied(state: dict[tuple[str, ...], Any], events: list[dict[str, Any]]) -> dict[tuple[str, ...], Any]:
    """The roster after these events, by the words of the event contract alone."""
    after = dict(state)
    for event in events:
        _apply(after, event["type"].removeprefix("school.").removesuffix(".v1"), event["data"])
    return after


def _apply(state: dict[tuple[str, ...], Any], kind: str, data: dict[str, Any]) -> None:
    school = data["organisation_id"]
    rest = {name: value for name, value in data.items() if name != "organisation_id"}
    match kind.split("."):
        case ["organisation", _]:
            state["organisation", school] = rest
        case ["person", _]:
            state["person", rest.pop("person_id")] = rest
        case ["employee", verb]:
            _keep(state, ("employee", school, rest.pop("employee_id")), rest, gone=verb == "dismissed")
        case ["class" | "group" as entity, "closed"]:
            del state[entity, school, data[f"{entity}_id"]]
        case ["class", "homeroom_teacher_assigned"]:
            state["class", school, data["class_id"]] |= {"homeroom_teacher_id": data["employee_id"]}
        case ["class" | "group" as entity, _]:
            section = (str(entity), school, rest.pop(f"{entity}_id"))
            state[section] = state.get(section, {}) | rest
        case ["student", verb]:
            new = data.get("class_id") or data.get("to_class_id")
            _keep(state, ("enrolment", school, data["student_id"]), new, gone=verb == "expelled")
        case ["guardian", verb]:
            key = "guardian", school, data["guardian_id"], data["student_id"]
            _keep(state, key, data.get("relation"), gone=verb == "removed")


def _keep(state: dict[tuple[str, ...], Any], key: tuple[str, ...], value: Any, *, gone: bool) -> None:
    if gone:
        del state[key]
    else:
        state[key] = value


def test_rows_in_another_order_tell_the_same(tmp_path: Path) -> None:
    package = Written().school("s1").school("s2").section("h").section("g", "scheduled", "s2")
    for number in range(6):
        package.pupil(f"p{number}", "h").enrol(f"p{number}", "g")
    package.user("t", "teacher", "s2").role("t", "principal", "s1").enrol("t", "h", "teacher").enrol(
        "t", "g", "teacher"
    )
    forward = Read(package.to(tmp_path / "forward"), None)
    for rows in package.rows.values():
        rows.reverse()
    backward = Read(package.to(tmp_path / "backward"), None)
    assert sorted(event["id"] for event in forward.events) == sorted(event["id"] for event in backward.events)
