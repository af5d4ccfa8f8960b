"""`rollcall status` where there is a Kafka."""

from __future__ import annotations

import pytest

from tests.rollcall.conftest import CommandLine


def test_the_command_says_what_it_cannot_know(rollcall: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    ended = rollcall("status")
    assert (ended.code, "lag: Kafka does not answer" in ended.err, "unknown" in ended.out) == (0, True, True)
