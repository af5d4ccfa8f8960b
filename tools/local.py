"""`make kafka-up` and `make kafka-down`: a broker and a PostgreSQL on this machine, without containers.

The broker is Apache Kafka itself (`tools/kafka/broker`), the PostgreSQL the one that the tests use; their data stay in
`.run`. What to tell Rollcall of them stands in `.run/exports`, to be sourced, and goes to stdout.
"""

from __future__ import annotations

import asyncio
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from adapters.database.migrate import upgrade  # noqa: E402 - found by the path above
from tests.servers.postgresql import PostgreSQL  # noqa: E402

RUN = ROOT / ".run"
BROKER = ROOT / "tools" / "kafka" / "broker"
KAFKA_PORT, POSTGRESQL_PORT = 9092, 5439
DATABASE = "rollcall"

# As in docker-compose.kafka.yml, for a small machine; the wheel has no lz4.
SETTINGS = {"wal_compression": "pglz", "max_wal_size": "2GB", "checkpoint_timeout": "15min"}


class Kept(PostgreSQL):
    """A server that goes on when the script has ended, and whose data stay when it is stopped."""

    def __init__(self) -> None:
        folder = RUN / "postgresql"
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder, POSTGRESQL_PORT, SETTINGS)

    @property
    def runs(self) -> bool:
        try:
            self._run("pg_ctl", "status", "-D", str(self.data))
        except subprocess.CalledProcessError:
            return False
        return True

    def start(self) -> Kept:
        if not self.runs:
            log, options = str(self.data / "log"), shlex.join(self.options)
            self._run("pg_ctl", "start", "--wait", "-D", str(self.data), "-l", log, "-o", options)
        return self

    def stop(self) -> None:
        if self.runs:
            self._run("pg_ctl", "stop", "--mode=fast", "-D", str(self.data))

    def prepare(self) -> str:
        """Makes the database and its tables where they are missing, and gives its address."""
        try:
            self.make_database(DATABASE)
        except subprocess.CalledProcessError as error:
            if b"already exists" not in error.stderr:
                raise
        asyncio.run(upgrade(self.url(DATABASE)))
        return self.url(DATABASE)


def main(command: str) -> None:
    if command == "up":
        broker("start", str(RUN / "kafka"), str(KAFKA_PORT))
        lines = list(exports(Kept().start().prepare()))
        (RUN / "exports").write_text("\n".join([*lines, ""]))
        print(*lines, sep="\n")
        tell("the same stands in .run/exports: `source .run/exports`")
    else:
        Kept().stop()
        broker("stop", str(RUN / "kafka"))
        tell("stopped; the data stay in .run")


def broker(*arguments: str) -> None:
    subprocess.run([BROKER, *arguments], check=True, stdout=sys.stderr)


def exports(database_url: str) -> Iterator[str]:
    """The settings of every process."""
    yield f"export ROLLCALL_DATABASE_URL={database_url}"
    yield f"export ROLLCALL_KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:{KAFKA_PORT}"
    yield "export ROLLCALL_ADMIN_TOKEN=first-day-at-school"
    yield "export ROLLCALL_SECRET_KEY=the-secret-of-this-machine-alone"  # of 32 bytes
    yield "export ROLLCALL_MAX_URL=http://127.0.0.1:8090/max"
    yield "export ROLLCALL_MAX_TOKEN=simulator"
    yield "export ROLLCALL_MAX_PARTNER_OPERATIONS=true"


def tell(message: str) -> None:
    print(message, file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1])
