"""A pgbouncer in session mode before a PostgreSQL of the tests, where the machine has one (`make databases`)."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.servers.ports import HeldPorts

CONFIGURATION = """[databases]
* = host=127.0.0.1 port={server} user=rollcall
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = session
max_client_conn = 500
default_pool_size = 40
server_idle_timeout = 2
"""


class PgBouncer:
    """`port` is where it listens once it is started."""

    def __init__(self, server: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="rollcall-pgbouncer-"))
        self._ports = HeldPorts()
        self.port = self._ports.first
        self._process: subprocess.Popen[bytes] | None = None
        self._user = "nobody" if os.geteuid() == 0 else None  # it refuses to run as root
        self.folder.chmod(0o755)
        text = CONFIGURATION.format(server=server, port=self.port)
        (self.folder / "pgbouncer.ini").write_text(text, encoding="utf-8")

    def start(self) -> PgBouncer:
        command = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if command is None:
            raise RuntimeError("pgbouncer is not installed")
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [command, str(self.folder / "pgbouncer.ini")], stdout=log, stderr=log, user=self._user
            )
        time.sleep(0.5)
        if self._process.poll() is not None:
            raise RuntimeError(f"pgbouncer did not start: {(self.folder / 'log').read_text()}")
        return self

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)
        self._ports.release()
