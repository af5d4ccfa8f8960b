"""OneRoster 1.1: the role stands in users.csv, once for all of a user's organisations."""

from __future__ import annotations

from adapters.packages.files.manifest import PackageKind
from adapters.packages.oneroster import layouts
from tests.adapters.packages.written import Reader, Written, school


def as_1_1(package: Written) -> Written:
    """The same package with the roles moved into users.csv, each user's first role at all of its schools."""
    roles = package.rows.pop("roles.csv")
    package.rows["roles.csv"] = []
    package.headers["users.csv"] = [*layouts.USERS_1_1.read, *layouts.USERS_1_1.other]
    for user in package.rows["users.csv"]:
        own = [row for row in roles if row["userSourcedId"] == user["sourcedId"]]
        user["orgSourcedIds"] = ",".join(row["orgSourcedId"] for row in own)
        user["role"] = own[0]["role"]
    package.manifest = {**(package.manifest or {}), "oneroster.version": "1.1"}
    return package


def test_1_1_tells_what_1_2_tells(read: Reader) -> None:
    old, new = read(as_1_1(school())), read(school())
    assert old.package.kind is PackageKind.ONEROSTER_1_1
    assert (old.events, old.warnings) == (new.events, new.warnings)


def test_1_1_without_a_manifest_is_told_by_organisations_and_status_in_users(read: Reader) -> None:
    package = as_1_1(school())
    package.manifest = None
    assert read(package).package.kind is PackageKind.ONEROSTER_1_1


def test_1_1_takes_the_role_words_of_1_2(read: Reader) -> None:
    result = read(as_1_1(school().user("x", "principal").role("x", "principal", "s1")))
    assert {"employee_id": "x", "position_type": "administration", "position": "principal"} in result.of(
        "employee.hired"
    )
    assert result.warnings == {}


def test_1_1_a_user_of_two_schools_is_employed_in_both(read: Reader) -> None:
    result = read(as_1_1(school().school("s2").user("x", "teacher").role("x", "teacher", "s2")))
    assert len([data for data in result.of("employee.hired") if data["employee_id"] == "x"]) == 2


def test_1_1_users_without_rows_end_nobody(read: Reader) -> None:
    known = read.known(as_1_1(school()))
    now = as_1_1(school())
    now.rows["users.csv"].clear()
    assert not {"employee.dismissed", "student.expelled", "guardian.removed"} & set(read(now, known).counts)
