"""The platform's own clients against the simulator: what they are written for is what it speaks.

The packages are installed from npm and PyPI into a folder of the test's own; without node, npm and both registries
these tests fail, and say what is missing.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from adapters.simulator.entities import SERVICE_ID, User
from adapters.simulator.ground import ALL_PERMISSIONS
from adapters.simulator.server import Simulator, simulator, utc_now

HERE = Path(__file__).parent
OFFICIAL = "@maxhub/max-bot-api@0.3.1"
PYTHON = {"maxapi": "maxapi==1.2.3", "aiomax": "aiomax==2.12.5"}
WITHIN_S = 90.0
TOKEN = "a-token"

WALK = {
    "me": [SERVICE_ID, True],
    "title": "8 Б",
    "failed": [5, 99],
    "members": [1, 2, 3, 4, SERVICE_ID],
    "granted": True,
    "admins": [1, 3, SERVICE_ID],
    "revoked": True,
    "removed": True,
    "own": True,
    "unknownChat": [404, "chat.not.found"],
    "unknownPath": [404, "not.found"],
    "wrongMethod": [405, "method.not.allowed"],
    "subscribed": True,
    "subscriptions": ["https://example.org/hook"],
    "unsubscribed": True,
    "dialog": "dialog",
    "partner": 2,
    "pressed": 2,
    "answered": True,
    "replied": True,
    "said": [-1, 2, "Здравствуйте"],
}


async def output(*command: str | Path, needs: str = "", env: dict[str, str] | None = None) -> bytes:
    """What a command prints; the test fails where it fails or takes too long, and says what it needs."""
    process = await asyncio.create_subprocess_exec(*command, env=env, stdout=-1, stderr=-1)
    try:
        async with asyncio.timeout(WITHIN_S):
            out, errors = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.communicate()
        pytest.fail(f"{command[0]} took over {WITHIN_S:g} s. {needs}")
    if process.returncode:
        pytest.fail(f"{needs}\n{' '.join(map(str, command))}\n{errors.decode()[-3000:]}")
    return out


async def installed_from_npm(home: Path) -> list[str | Path]:
    """How the walk by the official client begins, which is installed for it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.fail("the platform's client from npm needs node (20.19 or newer) and npm on the PATH")
    quick = ("--no-fund", "--no-audit", "--ignore-scripts", "--fetch-retries=1")
    await output(npm, "install", "--prefix", home, *quick, OFFICIAL, needs="This test needs the npm registry.")
    return [node, HERE / "max_bot_api.cjs", home]


async def installed_from_pypi(home: Path, name: str) -> list[str | Path]:
    uv = Path(sys.executable).with_name("uv")
    python = home / "bin" / "python"
    await output(uv, "venv", "--quiet", "--python", sys.executable, home)
    await output(uv, "pip", "install", "--quiet", "--python", python, PYTHON[name], needs="This test needs PyPI.")
    return [python, HERE / f"with_{name}.py"]


def a_school(running: Simulator) -> int:
    """A chat that a teacher made, with one parent and the bot in it; two who can be added, and one who can not."""
    world = running.world
    world.put_users([User(user_id) for user_id in range(1, 5)])
    world.put_users([User(5, privacy=True)])
    chat = world.make_chat(1, "7 Б", utc_now(), [2]).chat_id
    world.put_service(chat, 1, ALL_PERMISSIONS, utc_now())
    return chat


async def walked(command: list[str | Path]) -> tuple[Any, Simulator]:
    async with simulator(token=TOKEN, max_port=0, requests_per_second=0) as running:
        at = {"URL_MAX": f"{running.max_root_url}", "URL_CONTROL": f"{running.url}/_sim", "TOKEN": TOKEN}
        env = {**os.environ, **at, "CHAT": str(a_school(running))}
        return json.loads(await output(*command, env=env)), running


async def test_the_official_client_from_npm_does_its_work_on_the_simulator(tmp_path: Path) -> None:
    saw, running = await walked(await installed_from_npm(tmp_path))
    assert saw == WALK
    written = sorted(message.text for message in running.world.messages)  # in two chats: neither waits for the other
    assert written == ["Здравствуйте", "Подключено", "Спасибо"]


async def test_maxapi_does_its_work_on_the_simulator(tmp_path: Path) -> None:
    saw, running = await walked(await installed_from_pypi(tmp_path, "maxapi"))
    assert saw == WALK
    written = sorted(message.text for message in running.world.messages)  # in two chats: neither waits for the other
    assert written == ["Здравствуйте", "Подключено", "Спасибо"]


async def test_aiomax_does_its_work_on_the_simulator(tmp_path: Path) -> None:
    """It knows neither grants nor subscriptions, and errors by their classes."""
    saw, _ = await walked(await installed_from_pypi(tmp_path, "aiomax"))
    unknown = {"granted", "revoked", "subscribed", "subscriptions", "unsubscribed"}
    errors = {"unknownChat": "ChatNotFound", "unknownPath": "NotFoundException", "wrongMethod": "UnknownErrorException"}
    own = errors | {"asked": [2, 3], "admins": [1, SERVICE_ID]}
    assert saw == {name: told for name, told in WALK.items() if name not in unknown} | own
