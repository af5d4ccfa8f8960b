"""Settings: where they come from, which wins, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from rollcall.platforms import requests_per_second
from rollcall.settings import (
    Settings,
    SettingsError,
    masked,
    nearest_variable,
    read_settings,
    unknown_variables,
)

# The names and defaults that other programs rely on.
DEFAULTS = {
    "database_url": "sqlite:///rollcall.db",
    "kafka_group": "rollcall",
    "kafka_partitions": 12,
    "kafka_replication": 1,
    "kafka_topic_roster": "roster.events",
    "kafka_topic_accounts": "account.events",
    "kafka_topic_changes": "membership.changes",
    "kafka_topic_dead_letters": "rollcall.dead-letters",
    "kafka_security_protocol": "PLAINTEXT",
    "platform": "max",
    "max_token": None,
    "max_partner_operations": False,
    "max_requests_per_second": 30,
    "max_updates": "polling",
    "vk_token": None,
    "vk_requests_per_second": 3,
    "dispatch_linger_ms": 200,
    "call_timeout_s": 20,
    "lease_s": 60,
    "hold_hours": 24,
    "remember_mb": 512,
    "title_staff": "Учительская",
    "title_class": "{class}",
    "title_parents": "{class} Родители",
    "web_host": "127.0.0.1",
    "web_port": 8080,
    "simulator_host": "127.0.0.1",
    "simulator_port": 8090,
    "simulator_requests_per_second": 30,
    "admin_token": None,
    "on_unlink": "remove",
    "guards": "on",
    "guard_organisation_share": 0.2,
    "guard_organisation_floor": 20,
    "guard_chat_share": 0.5,
    "guard_chat_floor": 10,
    "guard_kind_floor": 5,
    "guard_gain": 40,
    "guard_gain_after_days": 14,
    "reconcile_at": "03:30",
    "log_format": "auto",
}


def test_nothing_needs_to_be_set() -> None:
    shown = masked(read_settings())
    assert {name: shown[name] for name in DEFAULTS} == DEFAULTS


def test_the_environment_goes_before_secret_files_and_those_before_toml(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("from-a-file-0123456789\n", encoding="utf-8")
    (tmp_path / "rollcall.toml").write_text(
        'web_port = 1\nadmin_token = "from-toml-0123456789"\nsimulator_port = 2\n', encoding="utf-8"
    )
    monkeypatch.setenv("ROLLCALL_CONFIG", str(tmp_path / "rollcall.toml"))
    monkeypatch.setenv("ROLLCALL_ADMIN_TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("ROLLCALL_WEB_PORT", "3")
    settings = read_settings()
    assert settings.admin_token is not None
    assert (settings.web_port, settings.simulator_port) == (3, 2)
    assert settings.admin_token.get_secret_value() == "from-a-file-0123456789"


def test_a_region_has_as_many_tokens_as_accounts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("c", encoding="utf-8")
    monkeypatch.setenv("ROLLCALL_MAX_TOKEN", "a")
    monkeypatch.setenv("ROLLCALL_MAX_TOKEN_NORTH", "b")
    monkeypatch.setenv("ROLLCALL_MAX_TOKEN_SOUTH_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("ROLLCALL_VK_TOKEN_NORTH", "d")
    settings = read_settings()
    tokens = {name: token.get_secret_value() for name, token in settings.max_tokens.items()}
    assert tokens == {"north": "b", "south": "c"}
    assert {name: token.get_secret_value() for name, token in settings.vk_tokens.items()} == {"north": "d"}


def test_each_platform_has_a_limit_of_its_own() -> None:
    limits = [requests_per_second(read_settings(), token) for token in ("max", "max:north", "vk", "vk:north")]
    assert limits == [30, 30, 3, 3]


def test_secrets_are_shown_by_stars_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_DATABASE_URL", "postgresql://me:s3cret@db:5432/rollcall")
    for name in (
        "ADMIN_TOKEN",
        "MAX_TOKEN",
        "MAX_TOKEN_NORTH",
        "TOKEN",
        "MAX_WEBHOOK_SECRET",
        "VK_TOKEN",
        "VK_TOKEN_A",
    ):
        monkeypatch.setenv(f"ROLLCALL_{name}", "s3cret-0123456789")
    shown = str(masked(read_settings()))
    assert "s3cret" not in shown
    assert "postgresql://me:**********@db:5432/rollcall" in shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_PORT", "eighty"),
        ("DATABASE_URL", "mysql://x"),
        ("LEASE_S", "25"),
        ("GUARDS", "maybe"),
        ("RECONCILE_AT", "25:00"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"ROLLCALL_{name}", value)
    with pytest.raises(SettingsError, match=name.lower()) as raised:
        read_settings()
    assert value == "25" or value not in str(raised.value)


def test_an_unknown_setting_in_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rollcall.toml"
    path.write_text("wep_port = 1\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="wep_port: there is no such setting; is web_port meant"):
        read_settings(path)


@pytest.mark.parametrize("content", ["web_port =", "\udcff"])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "rollcall.toml"
    path.write_text(content, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(SettingsError, match="not a TOML file"):
        read_settings(path)


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ROLLCALL_TOKEN_FILE", str(tmp_path / "none"))
    with pytest.raises(SettingsError, match="none: No such file"):
        read_settings()


def test_variables_that_name_no_setting_are_told() -> None:
    environ = {
        "ROLLCALL_WEP_PORT": "1",
        "ROLLCALL_TOKEN_FILE": "x",
        "ROLLCALL_MAX_TOKEN_A": "x",
        "ROLLCALL_VK_TOKEN_A": "x",
    }
    assert unknown_variables(environ) == ["ROLLCALL_WEP_PORT"]


@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEY_FORMER"])
def test_a_key_to_phones_that_can_be_guessed_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"ROLLCALL_{name}", "k" * 31)
    with pytest.raises(SettingsError, match=r"at least 32 bytes .*openssl") as refused:
        read_settings()
    assert "kkk" not in str(refused.value)
    monkeypatch.setenv(f"ROLLCALL_{name}", "ключ" * 4)  # 32 bytes
    assert "ключ" not in str(masked(read_settings()))


def test_an_administrators_token_that_can_be_guessed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_ADMIN_TOKEN", "fifteen-letters")
    with pytest.raises(SettingsError, match=r"admin_token: .* at least 16 characters .*openssl") as refused:
        read_settings()
    assert "fifteen-letters" not in str(refused.value)
    monkeypatch.setenv("ROLLCALL_ADMIN_TOKEN", "sixteen-letters!")
    assert read_settings().admin_token is not None


@pytest.mark.parametrize(
    ("name", "url", "shown"),
    [
        ("DATABASE_URL", "postgresql://db/r?user=me&password=s3cret", "postgresql://db/r?user=me&password=**********"),
        ("DATABASE_URL", "postgresql://me:s3cr@t:x@db/r?sslpassword=s3cret#x", None),
        ("MAX_URL", "https://me:s3cret@proxy:8443/max", "https://me:**********@proxy:8443/max"),
        ("MAX_URL", "https://proxy/max?access_token=s3cret&v=1", "https://proxy/max?access_token=**********&v=1"),
        ("SERVER_URL", "http://me:s3cret@[::1]:8080", "http://me:**********@[::1]:8080"),
        ("PUBLIC_URL", "https://school.example/a@b", "https://school.example/a@b"),
    ],
)
def test_passwords_in_addresses_are_stars_wherever_they_stand(
    monkeypatch: pytest.MonkeyPatch, name: str, url: str, shown: str | None
) -> None:
    monkeypatch.setenv(f"ROLLCALL_{name}", url)
    told = masked(read_settings())[name.lower()]
    assert "s3cr" not in told
    assert shown is None or told == shown


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("ROLLCALL_WEP_PORT", "ROLLCALL_WEB_PORT"),
        ("ROLLCALL_MAX_TOKN", "ROLLCALL_MAX_TOKEN"),
        ("ROLLCALL_DATABSE_URL", "ROLLCALL_DATABASE_URL"),
        ("ROLLCALL_SOMETHING_ELSE_ALTOGETHER", None),
    ],
)
def test_the_setting_that_was_meant_is_named(name: str, nearest: str | None) -> None:
    assert nearest_variable(name) == nearest


def test_every_setting_is_read_by_something() -> None:
    folders = (Path(__file__).resolve().parents[2] / name for name in ("rollcall", "adapters", "events"))
    texts = [
        path.read_text(encoding="utf-8")
        for folder in folders
        for path in folder.rglob("*.py")
        if path.name != "settings.py"
    ]
    unread = [name for name in Settings.model_fields if not any(f".{name}" in text for text in texts)]
    assert unread == []
