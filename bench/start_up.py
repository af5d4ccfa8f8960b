"""How long until a command is done, or a server answers: whole processes, beside ones that only import."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

from bench.ground import Ground
from bench.measure import Pairs, timed
from tests.servers.ports import HeldPorts

ROLLCALL = Path(sys.executable).with_name("rollcall")
ROUNDS = 5
COMMAND_LINE = "import typer, rich, pydantic_settings"
DATABASE = f"{COMMAND_LINE}, sqlalchemy.ext.asyncio, aiosqlite"
SERVER = f"{DATABASE}, aiohttp, fastapi, uvicorn, jinja2, structlog"


async def measure(_: Ground) -> AsyncIterator[Pairs]:
    """The ceiling of each is an interpreter that imports the libraries that it cannot do without."""
    shown, told, served = (Pairs(f"start-up: {of}", "CPU s") for of in ("--help", "status", "serve until /livez"))
    ports = HeldPorts()
    with TemporaryDirectory() as folder:
        compiled = {"PYTHONPYCACHEPREFIX": folder}  # once, as where it is installed
        address = compiled | {"ROLLCALL_DATABASE_URL": f"sqlite:///{folder}/rollcall.db"}
        for number in range(ROUNDS + 1):
            costs = (
                (shown, _run(ROLLCALL, "--help", **compiled), _run(sys.executable, "-c", COMMAND_LINE, **compiled)),
                (told, _run(ROLLCALL, "status", **address), _run(sys.executable, "-c", DATABASE, **compiled)),
                (served, _serve(ports.first, **address), _run(sys.executable, "-c", SERVER, **compiled)),
            )
            for pairs, ours, ceiling in costs if number else ():  # the first round makes files and fills caches
                pairs.add(ours, ceiling)
    ports.release()
    for each in (shown, told, served):
        yield each


def _run(*command: str | Path, **settings: str) -> float:
    with timed() as running:
        subprocess.run(command, check=True, capture_output=True, env=environ(settings))
    return running.cpu_seconds


def environ(settings: Mapping[str, str]) -> Mapping[str, str]:
    """Whatever the machine is set to, what is compiled is kept."""
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**ours, **settings}


def _serve(port: int, **settings: str) -> float:
    settings["ROLLCALL_WEB_PORT"] = str(port)
    with timed() as running:
        process = subprocess.Popen(
            [ROLLCALL, "serve"],
            env=environ(settings),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not _lives(f"http://127.0.0.1:{port}/livez"):
            time.sleep(0.05)
    process.terminate()
    process.wait()
    return running.cpu_seconds


def _lives(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (URLError, ConnectionError):
        return False
