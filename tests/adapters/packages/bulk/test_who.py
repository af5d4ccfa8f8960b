"""Points 15 to 21 of the import contract: organisations, employees, students, guardians, names, ids."""

from __future__ import annotations

import pytest

from adapters.packages.facts.known import Known, Was
from adapters.packages.findings import PackageError
from sync.facts import REGISTRATION, Registration
from tests.adapters.packages.written import Reader, Written, school

# 15. Organisations


def test_15_each_org_of_type_school_is_an_organisation(read: Reader) -> None:
    result = read(
        Written().row("orgs.csv", sourcedId="d", name="District", type="district").school(parentSourcedId="d")
    )
    assert result.told == [{"event": "organisation.registered", "name": "School s1", "sis": "oneroster"}]


def test_15_an_org_that_a_class_names_as_its_school_is_one_and_counted(read: Reader) -> None:
    result = read(Written().school(type="campus").section("c1").section("c2").user("t", "teacher"))
    assert result.counts["organisation.registered"] == 1
    assert result.counts["employee.hired"] == 1
    assert result.warnings == {"school_type": 1}


def test_15_a_role_at_a_department_counts_for_the_nearest_school_above(read: Reader) -> None:
    package = Written().school().row("orgs.csv", sourcedId="d", name="Maths", type="department", parentSourcedId="s1")
    package.row("orgs.csv", sourcedId="e", name="Algebra", type="department", parentSourcedId="d")
    result = read(package.user("t", "teacher", "e"))
    assert result.only("employee.hired")["employee_id"] == "t"
    assert result.warnings == {}


def test_15_a_role_above_all_schools_counts_for_none(read: Reader) -> None:
    package = Written().row("orgs.csv", sourcedId="d", name="District", type="district", parentSourcedId="d")
    result = read(package.school(parentSourcedId="d").user("x", "districtAdministrator", "d"))
    assert result.counts == {"organisation.registered": 1}
    assert result.warnings == {"role_outside_schools": 1}


def test_15_the_time_zone_comes_from_the_option_alone(read: Reader) -> None:
    zone = "Asia/Yekaterinburg"
    assert read(school(), time_zone=zone).only("organisation.registered")["time_zone"] == zone
    known: Known = {REGISTRATION: {("s1",): Was(Registration("Old name", zone, "oneroster"), "urn:x")}}
    assert read(school(), known).only("organisation.registered") == {
        "name": "School s1", "sis": "oneroster", "time_zone": zone,
    }  # fmt: skip
    same: Known = {REGISTRATION: {("s1",): Was(Registration("School s1", zone, "oneroster"), "urn:x")}}
    assert read(school(), same).of("organisation.registered") == []


def test_15_without_any_organisation_nothing_is_sent(read: Reader) -> None:
    with pytest.raises(PackageError, match="an organisation of type school"):
        read(Written().row("orgs.csv", sourcedId="d", name="District", type="district").user("x"))


# 16. Employees


@pytest.mark.parametrize(
    ("role", "position_type"),
    [(role, "administration") for role in ("administrator", "principal", "siteAdministrator", "districtAdministrator")]
    + [(role, "teaching_staff") for role in ("teacher", "counselor", "professor", "substitute", "chair")]
    + [(role, "other") for role in ("aide", "proctor", "systemAdministrator", "ext:cook", "nurse", "officeStaff")],
)
def test_16_the_role_tells_the_position(read: Reader, role: str, position_type: str) -> None:
    result = read(Written().school().user("x", role))
    assert result.only("employee.hired") == {"employee_id": "x", "position_type": position_type, "position": role}
    assert result.warnings == {}


def test_16_of_several_roles_at_one_school_the_highest_counts_whatever_its_role_type(read: Reader) -> None:
    package = Written().school().school("s2").user("x", "aide").role("x", "principal", roleType="secondary")
    package.role("x", "teacher").role("x", "proctor", "s2")
    assert read(package).of("employee.hired") == [
        {"employee_id": "x", "position_type": "administration", "position": "principal"},
        {"organisation_id": "s2", "employee_id": "x", "position_type": "other", "position": "proctor"},
    ]


def test_16_nobody_is_employed_by_an_enrolment(read: Reader) -> None:
    result = read(school().enrol("m", "c1", "teacher"))
    assert [data["employee_id"] for data in result.of("employee.hired")] == ["t1"]
    assert result.warnings == {"role_mismatch": 1}


# 17. Students and guardians


def test_17_one_person_may_be_all_three(read: Reader) -> None:
    package = school().user("x", "teacher").role("x", "student").role("x", "relative").enrol("x", "c1")
    package.user("y", "student", agentSourcedIds="x").enrol("y", "c1")
    result = read(package)
    assert {"student_id": "x", "class_id": "c1"} in result.of("student.enrolled")
    assert "x" in {data["employee_id"] for data in result.of("employee.hired")}
    assert {"guardian_id": "x", "student_id": "y", "relation": "relative", "snapshot": True} in result.of(
        "guardian.assigned"
    )
    assert result.warnings == {}


def test_17_a_teacher_listed_as_a_pupil_is_not_put_among_children(read: Reader) -> None:
    result = read(school().enrol("t1", "c1"))
    assert {data["student_id"] for data in result.of("student.enrolled")} == {"a", "b"}
    assert result.warnings == {"role_mismatch": 1}


def test_17_a_role_at_another_school_is_a_matching_role(read: Reader) -> None:
    package = school().school("s2").section("k", at="s2").enrol("a", "k")
    assert read(package).counts["student.enrolled"] == 3


# 18. Guardian links


def test_18_links_are_the_union_of_both_ways(read: Reader) -> None:
    package = school().user("f", "guardian", agentSourcedIds="a,b")
    assert read(package).of("guardian.assigned") == [
        {"guardian_id": "f", "student_id": "a", "relation": "guardian", "snapshot": True},
        {"guardian_id": "f", "student_id": "b", "relation": "guardian", "snapshot": True},
        {"guardian_id": "m", "student_id": "a", "relation": "parent", "snapshot": True},
    ]


def test_18_a_link_that_no_guardian_is_at_an_end_of_is_counted(read: Reader) -> None:
    result = read(school().pupil("c", agentSourcedIds="t1,b"))
    assert result.counts["guardian.assigned"] == 1
    assert result.warnings == {"agent_not_guardian": 1}


def test_18_a_link_is_sent_to_each_school_of_the_student(read: Reader) -> None:
    package = school().school("s2").role("a", "student", "s2")
    assert {data.get("organisation_id", "s1") for data in read(package).of("guardian.assigned")} == {"s1", "s2"}


def test_18_a_known_link_that_the_student_comes_without_is_removed(read: Reader) -> None:
    before = school().user("f", "guardian", agentSourcedIds="a")
    assert read.after(before, school().user("f", "guardian")).told == [
        {"event": "guardian.removed", "guardian_id": "f", "student_id": "a", "denied": False},
    ]


# 19. Names


def test_19_blank_parts_of_a_name_stay_blank(read: Reader) -> None:
    package = Written().school().user("x", "teacher", givenName="", middleName="", familyName="Ким")
    assert read(package).only("person.described") == {
        "person_id": "x", "last_name": "Ким", "first_name": "", "middle_name": None,
    }  # fmt: skip


def test_19_without_both_names_nobody_is_described(read: Reader) -> None:
    result = read(Written().school().user("x", "teacher", givenName=" ", familyName="", preferredGivenName="Y"))
    assert result.counts == {"organisation.registered": 1, "employee.hired": 1}
    assert result.warnings == {"person_without_name": 1, "whitespace": 1}


def test_19_somebody_of_two_schools_is_described_to_each(read: Reader) -> None:
    result = read(Written().school("s2").school().user("x", "teacher", "s2").role("x", "teacher", "s1"))
    told = [(data.get("organisation_id", "s1"), data["person_id"]) for data in result.of("person.described")]
    assert told == [("s1", "x"), ("s2", "x")]


def test_19_a_name_too_long_is_cut_and_counted(read: Reader) -> None:
    result = read(Written().school().user("x", "teacher", familyName="Ы" * 201))
    assert result.only("person.described")["last_name"] == "Ы" * 200
    assert result.warnings == {"value_length": 1}


# 20. Disabled users


def test_20_a_disabled_account_changes_nothing(read: Reader) -> None:
    result = read(school().user("x", "teacher", enabledUser="FALSE"))
    assert result.counts["employee.hired"] == 2
    assert result.warnings == {"disabled_user": 1, "value_case": 1}


def test_20_where_asked_disabled_users_are_blocked_and_unblocked(read: Reader) -> None:
    enabled, disabled = school().user("x", "teacher"), school().user("x", "teacher", enabledUser="false")
    blocked = read.after(enabled, disabled, block_disabled=True)
    assert (blocked.told, blocked.warnings) == ([{"event": "person.blocked", "person_id": "x"}], {})
    known = read.known(disabled, block_disabled=True)
    assert read(enabled, known, block_disabled=True).told == [{"event": "person.unblocked", "person_id": "x"}]
    assert read(disabled, known, block_disabled=True).told == []
    assert read(enabled, read.known(disabled, "urn:other", block_disabled=True), block_disabled=True).told == []


# 21. Ids


def test_21_ids_are_kept_as_they_are(read: Reader) -> None:
    assert read(Written().school("Шк/1 A")).events[0]["data"]["organisation_id"] == "Шк/1 A"


def test_21_a_namespace_is_before_every_id(read: Reader) -> None:
    package = school().section("g1", "scheduled").enrol("t1", "g1", "teacher").enrol("a", "g1")
    plain, named = read(package), read(package, namespace="second")

    def prefixed(value: object, name: str) -> object:
        if isinstance(value, list):
            return [f"second:{item}" for item in value]
        return f"second:{value}" if name.endswith("_id") and value is not None else value

    assert [event["data"] for event in named.events] == [
        {name: prefixed(value, name) for name, value in event["data"].items()} for event in plain.events
    ]


def test_21_an_id_too_long_is_skipped_with_its_rows_and_counted(read: Reader) -> None:
    package = school().pupil("x" * 129).pupil("y" * 128)
    result = read(package)
    assert {data["student_id"] for data in result.of("student.enrolled")} == {"a", "b", "y" * 128}
    assert result.warnings == {"bad_id": 1}
    assert read(package, namespace="n").warnings == {"bad_id": 2}
