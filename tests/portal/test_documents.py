"""What `docs/linking.md` tells a school system's developer to do, done."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.database.store import Database
from tests.portal.conftest import doorway_over, school
from tests.road import Road, TestClock

DOCUMENT = Path(__file__).parents[2] / "docs" / "linking.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)


async def run(*command: str, cwd: Path, **variables: str) -> str:
    """What a program prints. Its variables are its own: nothing of the environment's settings is let in."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ROLLCALL_")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', '')}"
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, env={**environment, **variables}, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    return printed.decode()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the keys are made by openssl")
async def test_the_example_lets_somebody_in(sqlite_url: str, tmp_path: Path) -> None:
    clock = TestClock(datetime.now(UTC))
    database = Database(sqlite_url, clock=clock.of_database)
    road = Road(database, clock)
    await road.post(school())
    keys, registers = blocks("sh")
    [example] = blocks("python")
    async with doorway_over(road) as door:
        variables = {"ROLLCALL_PUBLIC_URL": door.url, "ROLLCALL_DATABASE_URL": sqlite_url}
        await run("sh", "-ec", keys, cwd=tmp_path)
        assert "sis" in await run("sh", "-ec", registers, cwd=tmp_path, **variables)
        signed = example.replace('"p1"', '"s1-p"')
        address = (await run(sys.executable, "-c", signed, cwd=tmp_path, **variables)).strip()
        clock.at = datetime.now(UTC)  # by which the example signed
        assert (await door.get(address.removeprefix(door.url))).location == "/my/link"
        assert "Анна П." in (await door.get("/my/link")).text
    await database.close()


def test_every_reason_that_is_logged_is_told_of() -> None:
    folder = Path(__file__).parents[2] / "adapters" / "portal"
    source = "".join((folder / name).read_text(encoding="utf-8") for name in ("hand_over.py", "entering.py"))
    reasons = {*re.findall(r'Refused\("(\w+)"', source), "wrong_claims", "wrong_signature"}
    told = DOCUMENT.read_text(encoding="utf-8")
    assert {reason for reason in reasons if f"`{reason}`" not in told} == set()
