"""`rollcall accounts unlink`: support lets go of an account for somebody, and it is kept who did and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.rollcall.conftest import CommandLine

HEAD = {"specversion": "1.0", "source": "sis", "time": "2025-11-01T10:00:00Z"}
EVENTS = [
    ("school.organisation.registered.v1", {"organisation_id": "s1", "name": "Школа"}),
    ("account.linked.v1", {"person_id": "anna", "provider": "max", "external_user_id": "7"}),
]
UNLINK = ("accounts", "unlink", "anna", "max", "--reason", "Сменила  номер")


@pytest.fixture
def linked(rollcall: CommandLine, tmp_path: Path) -> CommandLine:
    lines = [json.dumps(HEAD | {"id": str(no), "type": kind, "data": data}) for no, (kind, data) in enumerate(EVENTS)]
    (tmp_path / "events").write_text("\n".join(lines))
    assert rollcall("publish", str(tmp_path / "events")).code == 0
    return rollcall


def test_an_account_is_unlinked_and_the_reason_is_in_the_audit(linked: CommandLine) -> None:
    assert linked(*UNLINK).code == 0
    again = linked(*UNLINK)
    assert (again.code, "no account" in again.err) == (1, True)
    done, refused = linked("tokens", "audit", "--json").json
    assert (done["request"], done["status"], done["reason"]) == ("accounts unlink anna max", 204, "Сменила номер")
    assert refused["status"] == 404
    assert "at the command line" in done["token_id"]


@pytest.mark.parametrize("reason", [(), ("--reason", "  ")])
def test_without_a_reason_nothing_is_done(linked: CommandLine, reason: tuple[str, ...]) -> None:
    assert linked("accounts", "unlink", "anna", "max", *reason).code == 2
    assert linked("tokens", "audit", "--json").json == []
