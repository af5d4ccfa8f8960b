"""The command line: data on stdout, messages on stderr, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rollcall.cli import COMMANDS
from tests.rollcall.conftest import CommandLine
from tests.servers.postgresql import PostgreSQL

EVENTS: list[dict[str, Any]] = [
    {"type": "school.organisation.registered.v1", "data": {"organisation_id": "s1", "name": "Школа"}},
    {
        "type": "school.class.opened.v1",
        "data": {"organisation_id": "s1", "class_id": "5a", "name": "5 А", "school_year": "2026/2027"},
    },
    {"type": "school.student.enrolled.v1", "data": {"organisation_id": "s1", "student_id": "p", "class_id": "5a"}},
]


def lines(*events: dict[str, Any]) -> bytes:
    head = {"specversion": "1.0", "source": "sis", "time": "2025-11-01T10:00:00Z"}
    return b"\n".join(json.dumps({**head, "id": str(no), **event}).encode() for no, event in enumerate(events))


def test_config_prints_what_is_in_force(rollcall: CommandLine) -> None:
    assert rollcall("config", "--json").json["web_port"] == 8080
    assert "web_port" in rollcall("config").out


def test_wrong_usage_and_wrong_settings_end_with_2(rollcall: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rollcall("nonsense").code == 2
    assert rollcall("status", "--nonsense").code == 2
    monkeypatch.setenv("ROLLCALL_WEB_PORT", "x")
    ended = rollcall("config")
    assert (ended.code, ended.out) == (2, "")
    assert "web_port" in ended.err


def test_a_misspelt_variable_is_told(rollcall: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_WEP_PORT", "1")
    told = rollcall("config", "--json").err
    assert ("ROLLCALL_WEP_PORT" in told, "is ROLLCALL_WEB_PORT meant?" in told) == (True, True)


def test_the_schemas_are_written_out(rollcall: CommandLine, tmp_path: Path) -> None:
    files = rollcall("schemas", "export", str(tmp_path / "out"), "--json").json
    assert len(files) == len(list((tmp_path / "out").iterdir())) > 30


def test_the_published_examples_are_events_that_can_be_published(rollcall: CommandLine, tmp_path: Path) -> None:
    rollcall("schemas", "export", str(tmp_path))
    checked = rollcall("publish", "--check", str(tmp_path / "examples" / "events.jsonl"), "--json")
    assert (checked.code, checked.json["wrong"], set(checked.json["outcomes"])) == (0, [], {"valid"})


def test_the_tables_are_made_and_made_again(rollcall: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_DATABASE_URL", "sqlite:///new.db")
    assert rollcall("db", "upgrade").code == rollcall("db", "upgrade").code == 0


def test_tokens_are_made_listed_without_the_secret_and_revoked_once(rollcall: CommandLine) -> None:
    arguments: tuple[str, ...] = (
        "--scope",
        "read",
        "--scope",
        "events:write",
        "--organisation",
        "s1",
        "--organisation",
        "s2",
    )
    assert rollcall("tokens", "create", "sis", *arguments).code == 2  # who writes for some schools has a source
    arguments = (*arguments, "--source", "sis")
    made = rollcall("tokens", "create", "sis", *arguments, "--json").json
    assert set(made) == {"id", "token"}
    ended = rollcall("tokens", "list", "--json")
    [listed] = ended.json
    assert made["token"] not in ended.out
    assert (listed["id"], listed["scopes"], listed["organisations"]) == (
        made["id"],
        ["events:write", "read"],
        ["s1", "s2"],
    )
    assert listed["sources"] == ["sis"]
    assert rollcall("tokens", "create", "sis", *arguments).code == 1  # it belongs to a token
    assert rollcall("tokens", "revoke", made["id"]).code == 0
    assert rollcall("tokens", "revoke", made["id"]).code == 1
    assert rollcall("tokens", "create", "sis", "--scope", "all").code == 2


def test_tokens_end_on_a_day_and_the_last_use_and_acts_are_listed(rollcall: CommandLine) -> None:
    made = rollcall("tokens", "create", "sis", "--scope", "read", "--expires", "2999-12-31", "--json").json
    over = rollcall("tokens", "create", "sis", "--scope", "read", "--expires", "2020-01-01", "--json")
    assert over.json["id"] in over.err
    assert "expired" in over.err
    listed = {token["id"]: token for token in rollcall("tokens", "list", "--json").json}
    assert listed[made["id"]]["expires_at"].startswith("3000-01-01 00:00:00")
    assert listed[made["id"]]["last_used_at"] is None
    assert rollcall("tokens", "audit", made["id"], "--json").json == []
    assert rollcall("tokens", "create", "sis", "--scope", "read", "--expires", "soon").code == 2


def test_events_are_published_into_the_database_and_again_are_duplicates(rollcall: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(lines(*EVENTS) + b"\n\n")
    assert rollcall("publish", str(file), "--json").json == {"events": 3, "outcomes": {"applied": 3}, "wrong": []}
    assert rollcall("publish", str(file), "--json").json["outcomes"] == {"duplicate": 3}


def test_what_is_wrong_is_told_by_line_and_pointer_and_the_rest_is_taken(rollcall: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    nameless = {"type": "school.organisation.registered.v1", "data": {"organisation_id": "s2"}}
    file.write_bytes(lines(EVENTS[0], nameless) + b"\n{\n")
    checked = rollcall("publish", str(file), "--check", "--json")
    assert (checked.code, checked.json["outcomes"]) == (1, {"valid": 1, "rejected": 2})
    published = rollcall("publish", str(file), "--json")
    assert (published.code, published.json["outcomes"]) == (1, {"rejected": 2, "applied": 1})
    told = {(wrong["line"], wrong["reason"]) for wrong in published.json["wrong"]}
    assert told == {(2, "invalid"), (3, "not_json")}
    assert "line 2: invalid: /data/name Field required" in published.err


def test_a_file_that_is_not_there_ends_with_1(rollcall: CommandLine) -> None:
    assert rollcall("publish", "none.jsonl").code == 1


def test_status_and_explain_read_the_database(rollcall: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(lines(*EVENTS))
    rollcall("publish", str(file))
    status = rollcall("status", "--json")
    assert (status.code, status.json["waiting"]) == (0, 1)
    assert "waiting" in rollcall("status").out
    told = rollcall("explain", "p", "--json").json
    assert [(chat["chat_id"], chat["state"]) for chat in told["chats"]] == [("class:5a", "waiting")]
    assert "because studies_in" in rollcall("explain", "p", "--chat", "class:5a").out
    assert rollcall("explain", "nobody").code == 1


def test_a_database_without_tables_is_told(
    rollcall: CommandLine, monkeypatch: pytest.MonkeyPatch, postgresql: PostgreSQL
) -> None:
    monkeypatch.setenv("ROLLCALL_DATABASE_URL", postgresql.make_database("bare"))
    ended = rollcall("status")
    assert (ended.code, ended.out) == (1, "")
    assert "rollcall db upgrade" in ended.err
    monkeypatch.setenv("ROLLCALL_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert rollcall("status").code == 1


def test_the_list_of_commands_has_every_command_and_each_helps(rollcall: CommandLine) -> None:
    listed = rollcall("--help").out
    for name, command in COMMANDS.items():
        assert name in listed
        assert command.does.split()[0] in listed
        helped = rollcall(name, "--help")
        assert (helped.code, f"rollcall {name}" in helped.out) == (0, True)


def test_a_command_that_there_is_not_is_wrong_usage(rollcall: CommandLine) -> None:
    assert rollcall("nonsense").code == 2


def test_the_version_is_told(rollcall: CommandLine) -> None:
    ended = rollcall("--version")
    assert (ended.code, ended.out.startswith("rollcall 0.")) == (0, True)


def test_asking_how_a_command_is_called_loads_neither_a_database_nor_the_network() -> None:
    """But for servers, the simulator, and what makes tokens: those are asked seldom, or are made of these."""
    asked = set(COMMANDS) - {"demo", "serve", "process", "dispatch", "web", "simulator", "tokens"}
    tell = "import sys; from rollcall.cli import application; application(sys.argv[1:]); print(*sorted(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", tell, *sorted(asked)], check=True, capture_output=True, text=True)
    loaded = {"rollcall.commands.import_", "sqlalchemy", "aiohttp", "aiokafka"} & set(ended.stdout.split())
    assert loaded == {"rollcall.commands.import_"}
