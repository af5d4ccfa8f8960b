"""How long until a command is done, or a server answers: whole processes, beside ones that only import."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

from bench.ground import Ground
from bench.measure import Pairs, timed
from tests.servers.postgresql import _free_port

ROLLCALL = Path(sys.executable).with_name("rollcall")
ROUNDS = 7
COMMAND_LINE = "import typer, rich, pydantic_settings"
DATABASE = f"{COMMAND_LINE}, sqlalchemy.ext.asyncio, aiosqlite"
SERVER = f"{DATABASE}, aiohttp, fastapi, uvicorn, jinja2, structlog"


async def measure(_: Ground) -> list[Pairs]:
    """The ceiling of each is an interpreter that imports the libraries that it cannot do without."""
    shown, told, served = (Pairs(f"start-up: {of}", "s") for of in ("--help", "status", "serve until /livez"))
    with TemporaryDirectory() as folder:
        os.environ["ROLLCALL_DATABASE_URL"] = f"sqlite:///{folder}/rollcall.db"
        for _round in range(ROUNDS + 1):  # the first fills caches
            shown.add(_run(ROLLCALL, "--help"), _run(sys.executable, "-c", COMMAND_LINE))
            told.add(_run(ROLLCALL, "status"), _run(sys.executable, "-c", DATABASE))
            served.add(_serve(_free_port()), _run(sys.executable, "-c", SERVER))
        del os.environ["ROLLCALL_DATABASE_URL"]
    for pairs in (shown, told, served):
        del pairs.ours[0], pairs.ceiling[0]
    return [shown, told, served]


def _run(*command: str | Path) -> float:
    with timed() as running:
        subprocess.run(command, check=True, capture_output=True)
    return running.seconds


def _serve(port: int) -> float:
    began = time.perf_counter()
    process = subprocess.Popen(
        [ROLLCALL, "serve"],
        env={**os.environ, "ROLLCALL_WEB_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _lives(f"http://127.0.0.1:{port}/livez"):
            time.sleep(0.01)
        return time.perf_counter() - began
    finally:
        process.terminate()
        process.wait()


def _lives(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (URLError, ConnectionError):
        return False
