"""A Kafka broker of one's own: Apache Kafka itself, one node, started by `tools/kafka/broker`."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

BROKER = Path(__file__).parents[2] / "tools" / "kafka" / "broker"


class Kafka:
    """A broker on a free port of this machine, its data in a temporary folder. Started again, it has the same data."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="rollcall-kafka-"))
        self.port = _free_port()

    @property
    def bootstrap_servers(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> Kafka:
        self._run("start", str(self.folder), str(self.port))
        return self

    def kill(self) -> None:
        """Ends it as a power cut would, as far as the broker knows."""
        self._run("kill", str(self.folder))

    def pause(self) -> None:
        """Stops it in an orderly way; its data stay."""
        self._run("stop", str(self.folder))

    def stop(self) -> None:
        self.pause()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, *arguments: str) -> None:
        ended = subprocess.run([BROKER, *arguments], check=False, capture_output=True, text=True, timeout=120)
        if ended.returncode:
            raise RuntimeError(f"Kafka: {ended.stderr.strip()}")


def _free_port() -> int:
    """A free port whose next is free too: that one is the controller's."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port
