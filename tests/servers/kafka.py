"""A Kafka broker of one's own: Apache Kafka itself, one node, started by `tools/kafka/broker`."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.servers.ports import HeldPorts

BROKER = Path(__file__).parents[2] / "tools" / "kafka" / "broker"
LONGEST_START_S = 300  # on a machine with much else to do it took more than 60


class Kafka:
    """A broker on a free port of this machine, its data in a temporary folder. Started again, it has the same data."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="rollcall-kafka-"))
        self._ports = HeldPorts(2)  # the next is the controller's
        self.port = self._ports.first

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
        self._ports.release()

    def _run(self, *arguments: str) -> None:
        patient = {**os.environ, "KAFKA_START_TIMEOUT": str(LONGEST_START_S)}
        ended = subprocess.run([BROKER, *arguments], check=False, capture_output=True, text=True, env=patient)
        if ended.returncode:
            raise RuntimeError(f"Kafka: {ended.stderr.strip()}")
