"""What reading a large package costs, a row, beside a small one; and the memory of the process."""

from __future__ import annotations

import csv
import multiprocessing
import uuid
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from adapters.packages.oneroster.layouts import CLASSES, ENROLLMENTS, ORGS, ROLES, USERS_1_2
from adapters.packages.options import Options
from adapters.packages.package import open_package
from bench.cpu import peak_memory
from bench.ground import Ground
from bench.measure import Pairs, timed

SMALL, LARGE = 5, 50  # schools, at about 1.5 MB each
CLASSES_EACH, GROUPS_EACH, PUPILS_EACH, STAFF_EACH, GROUPS_OF_PUPIL = 25, 50, 600, 60, 7
ROUNDS = 1
LAYOUTS = (ORGS, CLASSES, USERS_1_2, ROLES, ENROLLMENTS)
Row = tuple[str, dict[str, str]]


async def measure(ground: Ground) -> AsyncIterator[Pairs]:
    """Ours is the large package, the ceiling the small one: 1 is what does not grow with the package."""
    small, large = (write_package(ground.folder / f"schools-{schools}", schools) for schools in (SMALL, LARGE))
    of = f"of a package of {LARGE} schools beside one of {SMALL}"
    cost, memory = Pairs(f"an event {of}", "CPU ms"), Pairs(f"memory at its peak {of}", "MB")
    for _ in range(ROUNDS):
        (ours, peak), (ceiling, peak_of_small) = (_apart(path) for path in (large, small))
        cost.add(ours, ceiling)
        memory.add(peak, peak_of_small)
    yield cost
    yield memory


def write_package(folder: Path, schools: int) -> Path:
    """A OneRoster 1.2 bulk of so many schools, their ids as long as real ones."""
    folder.mkdir()
    names = [layout.name for layout in LAYOUTS]
    manifest = [("oneroster.version", "1.2"), ("source.systemCode", "bench")]
    manifest += [(f"file.{name.removesuffix('.csv')}", "bulk") for name in names]
    lines = "".join(f"{name},{value}\n" for name, value in manifest)
    (folder / "manifest.csv").write_text(f"propertyName,value\n{lines}", encoding="utf-8")
    with ExitStack() as stack:
        tables = {}
        for layout in LAYOUTS:
            stream = stack.enter_context((folder / layout.name).open("w", encoding="utf-8", newline=""))
            tables[layout.name] = csv.DictWriter(stream, [*layout.read, *layout.other], restval="")
            tables[layout.name].writeheader()
        for number in range(schools):
            for name, row in _school(Random(number)):
                tables[name].writerow(row)
    return folder


def _school(random: Random) -> Iterator[Row]:
    def new() -> str:
        return str(uuid.UUID(int=random.getrandbits(128), version=4))

    school = new()
    yield ORGS.name, {"sourcedId": school, "name": f"Школа № {school[:4]}", "type": "school"}
    sections = [(new(), "homeroom") for _ in range(CLASSES_EACH)] + [(new(), "scheduled") for _ in range(GROUPS_EACH)]
    for section, kind in sections:
        row = {"sourcedId": section, "title": section[:4], "classType": kind, "schoolSourcedId": school}
        yield CLASSES.name, row
    homerooms, groups = [key for key, _ in sections[:CLASSES_EACH]], [key for key, _ in sections[CLASSES_EACH:]]
    staff = [new() for _ in range(STAFF_EACH)]
    for key in staff:
        yield from _person(key, "teacher", school)
    for number, section in enumerate([*homerooms, *groups]):
        yield _seat(new(), staff[number % STAFF_EACH], section, "teacher", school)
    for _ in range(PUPILS_EACH):
        key, parents = new(), [new() for _ in range(random.randint(1, 2))]
        yield from _person(key, "student", school, parents)
        for parent in parents:
            yield from _person(parent, "parent", school)
        for section in [random.choice(homerooms), *random.sample(groups, GROUPS_OF_PUPIL)]:
            yield _seat(new(), key, section, "student", school)


def _person(key: str, role: str, school: str, agents: list[str] | None = None) -> Iterator[Row]:
    names = {
        "familyName": f"Фамилия-{key[:8]}",
        "givenName": f"Имя-{key[9:13]}",
        "middleName": f"Отчество-{key[14:18]}",
    }
    account = {"username": key, "email": f"{key}@example.org", "enabledUser": "true"}
    yield USERS_1_2.name, {"sourcedId": key, "agentSourcedIds": ",".join(agents or ()), **names, **account}
    yield ROLES.name, {"sourcedId": f"r-{key}", "userSourcedId": key, "roleType": "primary", "role": role,
                       "orgSourcedId": school}  # fmt: skip


def _seat(key: str, person: str, section: str, role: str, school: str) -> Row:
    row = {"sourcedId": key, "classSourcedId": section, "userSourcedId": person, "role": role}
    return ENROLLMENTS.name, {**row, "schoolSourcedId": school, "primary": "true", "beginDate": "2026-09-01"}


def _apart(path: Path) -> tuple[float, float]:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(read, path).result()


def read(path: Path) -> tuple[float, float]:
    """Milliseconds of processors' time for an event, and the most memory in MB, in this process."""
    with timed() as watch:
        package = open_package(path, Options(at=datetime(2026, 11, 22, tzinfo=UTC)))
        events = sum(1 for _ in package.events({}))
    return watch.cpu_seconds * 1000 / events, peak_memory()
