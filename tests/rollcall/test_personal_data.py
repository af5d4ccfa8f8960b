"""Names and phones stay out of whatever is written by the way: logs, errors, answers to wrong events, URLs.

They are planted wherever a name could come from, right fields and wrong ones, and everything is searched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.adapters.packages.written import school
from tests.rollcall.conftest import CommandLine
from tests.rollcall.test_serve import ended_well, quiet, started

LAST, FIRST, MIDDLE, PHONE = "Планктонова", "Аграфена", "Полуэктовна", "79035550199"
PLANTED = (LAST, FIRST, MIDDLE, PHONE, json.dumps(LAST).strip('"'), LAST.encode().hex())

EVENTS: list[tuple[str, dict[str, Any]]] = [
    ("school.organisation.registered.v1", {"organisation_id": "s1", "name": "Школа"}),
    ("school.employee.hired.v1", {"organisation_id": "s1", "employee_id": "t", "position_type": "teaching_staff"}),
    ("school.person.described.v1", {"person_id": "t", "last_name": LAST, "first_name": FIRST, "middle_name": MIDDLE}),
    ("account.linked.v1", {"person_id": "t", "provider": "max", "external_user_id": "7"}),
    # wrong ones, each with a name where it has no business
    ("school.person.described.v1", {"person_id": "t", "last_name": LAST * 50, "first_name": FIRST}),
    ("school.person.described.v1", {"person_id": "t", "last_name": [LAST], "first_name": {FIRST: PHONE}}),
    ("school.employee.hired.v1", {"organisation_id": "s1", "employee_id": "t", "position_type": LAST}),
    ("school.class.opened.v1", {"organisation_id": "s1", "class_id": "5", "name": "5", "school_year": LAST}),
    ("account.linked.v1", {"person_id": "t", "provider": "max", "external_user_id": f"+{PHONE}"}),
    ("school.person.described.v1", {"person_id": LAST * 50, "last_name": "", "first_name": ""}),
]


def events() -> list[dict[str, Any]]:
    head = {"specversion": "1.0", "source": "sis", "time": "2025-11-01T10:00:00Z"}
    of_school = {"organisation_id": "s1"}
    return [
        {**head, "id": str(no), "type": kind, "data": (of_school if kind.startswith("school") else {}) | data}
        for no, (kind, data) in enumerate(EVENTS)
    ]


def found_in(texts: Iterable[str]) -> list[str]:
    return [name for text in texts for name in PLANTED if name.casefold() in text.casefold()]


async def test_a_served_school_writes_no_name_and_no_phone(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/served.db"
    user = {"user_id": 7, "phone": f"+{PHONE}", "first_name": FIRST, "last_name": LAST, "privacy": True}
    async with started("simulator", SIMULATOR_PORT="0", LOG_FORMAT="json") as (simulator, platform):
        of_platform = {"MAX_URL": f"{platform}/max", "MAX_TOKEN": "simulator", "MAX_PARTNER_OPERATIONS": "true"}
        settings = {"WEB_PORT": "0", "DATABASE_URL": database, "ADMIN_TOKEN": "root-of-the-tests", **of_platform}
        async with (
            started("serve", **settings) as (serving, url),
            aiohttp.ClientSession(headers={"Authorization": "Bearer root-of-the-tests"}) as session,
        ):
            await session.post(f"{platform}/_sim/users", json=[user])
            faults = {"seed": 1, "rates": {"server_error": 0.3, "wrong_json": 0.2, "reset_after": 0.2}}
            await session.post(f"{platform}/_sim/faults", json=faults | {"until_calls": 6})
            answers = [await answer(session, url, events())]
            answers += [await answer(session, url, event) for event in events()]
            await quiet(session, url)
            answers.append(await text_of(session, f"{url}/v1/status"))
            answers.append(await text_of(session, f"{url}/v1/persons/{LAST}"))
            answers.append(await text_of(session, f"{url}/v1/explain?person=t"))
            assert LAST in await text_of(session, f"{url}/v1/persons/t")  # the registry alone knows it
            paths = [call["path"] for call in json.loads(await text_of(session, f"{platform}/_sim/calls"))]
            written = await ended_well(serving)
        written += await ended_well(simulator)
    assert "events.taken" in written
    assert any("rejected" in each for each in answers)
    assert paths
    assert found_in([*answers, written, *paths]) == []


async def answer(session: aiohttp.ClientSession, url: str, body: Any) -> str:
    kind = "cloudevents-batch" if isinstance(body, list) else "cloudevents"
    headers = {"Content-Type": f"application/{kind}+json"}
    async with session.post(f"{url}/v1/events", data=json.dumps(body), headers=headers) as response:
        return await response.text()


async def text_of(session: aiohttp.ClientSession, url: str) -> str:
    async with session.get(url) as response:
        return await response.text()


@pytest.mark.parametrize("how", [("--check",), ()])
def test_publishing_a_wrong_file_tells_where_and_no_name(
    rollcall: CommandLine, tmp_path: Path, how: tuple[str, ...]
) -> None:
    lines = [json.dumps(event, ensure_ascii=False) for event in events()]
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join([*lines, f'{{"{LAST}": {FIRST}']))
    ended = rollcall("publish", str(file), *how)
    assert (ended.code, "line 5" in ended.err, f"line {len(lines) + 1}" in ended.err) == (1, True, True)
    assert found_in([ended.out, ended.err]) == []


@pytest.mark.parametrize("mode", [("--strict",), ("--plan",), ()])
def test_importing_a_wrong_package_tells_where_and_no_name(
    rollcall: CommandLine, tmp_path: Path, mode: tuple[str, ...]
) -> None:
    package = school()
    package.user("x", role=LAST, familyName=LAST, givenName=FIRST, phone=PHONE)
    package.user("y", role="student", familyName=LAST * 50, givenName=FIRST, enabledUser=PHONE)
    package.user("x", role="student", familyName=LAST, givenName=MIDDLE)
    path = package.zipped(tmp_path / "sis.zip")
    ended = rollcall("import", str(path), *mode)
    assert "users.csv" in ended.err or "roles.csv" in ended.err
    assert found_in([ended.err, *([] if "--plan" in mode else [ended.out])]) == []
