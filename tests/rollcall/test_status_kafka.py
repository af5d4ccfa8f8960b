"""`rollcall status` where there is a Kafka."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rollcall.conftest import CommandLine


def test_the_command_says_what_it_cannot_know(rollcall: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    ended = rollcall("status")
    assert (ended.code, "lag: Kafka does not answer" in ended.err, "unknown" in ended.out) == (0, True, True)


def test_what_libraries_log_is_not_said_on_the_terminal(sqlite_url: str, tmp_path: Path) -> None:
    own = {"ROLLCALL_DATABASE_URL": sqlite_url, "ROLLCALL_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1", "NO_COLOR": "1"}
    outside = {name: value for name, value in os.environ.items() if not name.startswith("ROLLCALL_")}
    command = [sys.executable, "-c", "from rollcall.cli import main; main()", "status"]
    ended = subprocess.run(command, env=outside | own, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert [line.split(":")[0] for line in ended.stderr.splitlines()] == ["lag"]
