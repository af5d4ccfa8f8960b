"""The settings: from the environment, from secret files, and from an optional TOML file, in that order."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from rollcall.secret_files import FURTHER_TOKENS, SecretFiles
from sync.invitations import is_address

PREFIX = "ROLLCALL_"

MARGIN_S = 5.0
"""A call ends this long before its lease does, so that its answer can still be written under it."""

SHORTEST_ADMIN_TOKEN = 16  # characters

BotName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
Port = Annotated[int, Field(ge=0, le=65535)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
WebAddress = Annotated[str, Field(pattern=r"^https?://")]


def _database(url: str) -> str:
    if not url.startswith(("sqlite://", "postgresql://")):
        raise ValueError("should begin with sqlite:/// or postgresql://")
    return url


def _admin_token(token: SecretStr) -> SecretStr:
    if len(token.get_secret_value()) < SHORTEST_ADMIN_TOKEN:
        raise ValueError(
            f"it may do everything, so it should have at least {SHORTEST_ADMIN_TOKEN} characters that nobody guesses:"
            " make one with `openssl rand -hex 16`"
        )
    return token


SHORTEST_SECRET = 32  # bytes


def _secret_key(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value().encode()) < SHORTEST_SECRET:
        raise ValueError(
            f"phones are encrypted by it, so it should have at least {SHORTEST_SECRET} bytes that nobody guesses:"
            " make one with `openssl rand -hex 32`"
        )
    return secret


def _sign_in_url(url: str) -> str:
    if not is_address(url):
        raise ValueError("should be an https address, with no name or password in it")
    return url


class SettingsError(Exception):
    """A setting is missing, wrong or unknown. Permanent: mend the settings."""


class Settings(BaseSettings):
    """Every setting by the name the environment knows it by, less `ROLLCALL_` and in lower case."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    database_url: Annotated[str, AfterValidator(_database)] = "sqlite:///rollcall.db"

    kafka_bootstrap_servers: str | None = None
    kafka_group: str = "rollcall"
    kafka_partitions: Annotated[int, Field(ge=1)] = 12
    kafka_replication: Annotated[int, Field(ge=1)] = 1
    kafka_retention_days: Annotated[int, Field(ge=1)] = 400
    kafka_session_s: Annotated[float, Field(ge=1, le=25)] = 10.0
    kafka_instance_id: str | None = None
    kafka_topic_roster: str = "roster.events"
    kafka_topic_accounts: str = "account.events"
    kafka_topic_changes: str = "membership.changes"
    kafka_topic_dead_letters: str = "rollcall.dead-letters"
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_sasl_mechanism: str | None = None
    kafka_sasl_username: str | None = None
    kafka_sasl_password: SecretStr | None = None
    kafka_ca_file: Path | None = None

    platform: Literal["max", "vk"] = "max"
    # The address was changed twice; schema 0.0.33, read on 2026-11-22.
    max_url: str = "https://platform-api2.max.ru"
    max_token: SecretStr | None = None
    max_tokens: dict[str, SecretStr] = Field(default_factory=dict)
    max_partner_operations: bool = False
    max_webhook_secret: SecretStr | None = None
    max_requests_per_second: Count = 30
    max_bot_name: BotName | None = None
    max_ca_file: Path | None = None
    max_updates: Literal["polling", "webhook"] = "polling"
    max_home_url: WebAddress = "https://web.max.ru/"
    vk_url: str = "https://api.vk.com"
    vk_token: SecretStr | None = None
    vk_tokens: dict[str, SecretStr] = Field(default_factory=dict)
    vk_requests_per_second: Count = 3  # of a user's token; dev.vk.com, read on 2026-11-22
    vk_home_url: WebAddress = "https://web.vk.me/"
    vk_id_url: str = "https://id.vk.com"  # read on 2026-11-22
    vk_client_id: str | None = None

    dispatch_linger_ms: Count = 200
    call_timeout_s: Positive = 20.0
    lease_s: Positive = 60.0
    hold_hours: Positive = 24.0
    inbox_keep_days: Annotated[int, Field(ge=1)] = 400
    calls_keep_days: Annotated[int, Field(ge=1)] = 90
    audit_keep_days: Annotated[int, Field(ge=1)] = 1100
    remember_mb: Count = 512
    source_silent_days: Annotated[int, Field(ge=1)] = 14

    title_staff: str = "Учительская"
    title_class: str = "{class}"
    title_parents: str = "{class} Родители"

    web_host: str = "127.0.0.1"
    web_port: Port = 8080
    public_url: str | None = None
    profiles: Path | None = None
    sign_in_url: Annotated[str, AfterValidator(_sign_in_url)] | None = None

    simulator_host: str = "127.0.0.1"
    simulator_port: Port = 8090
    simulator_max_port: Port | None = None
    simulator_token: SecretStr = SecretStr("simulator")
    simulator_requests_per_second: Count = 30

    admin_token: Annotated[SecretStr, AfterValidator(_admin_token)] | None = None
    secret_key: Annotated[SecretStr, AfterValidator(_secret_key)] | None = None
    secret_key_former: Annotated[SecretStr, AfterValidator(_secret_key)] | None = None
    on_unlink: Literal["remove", "keep"] = "remove"

    server_url: str | None = None
    token: SecretStr | None = None

    guards: Literal["on", "off"] = "on"
    guard_organisation_share: Share = 0.2
    guard_organisation_floor: Count = 20
    guard_chat_share: Share = 0.5
    guard_chat_floor: Count = 10
    guard_kind_floor: Count = 5
    guard_gain: Count = 40
    guard_gain_after_days: Count = 14

    import_max_bytes: Count = 10_000_000_000
    import_max_files: Count = 1000

    looks: Literal["on", "off"] = "on"
    looks_share: Share = 0.05
    reconcile_at: Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|off)$")] = "03:30"
    log_format: Literal["auto", "console", "json"] = "auto"

    @model_validator(mode="after")
    def _calls_end_within_leases(self) -> Self:
        if self.call_timeout_s + MARGIN_S >= self.lease_s:
            raise ValueError(f"lease_s should be more than call_timeout_s and {MARGIN_S:g} seconds")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Values passed to the constructor come from the TOML file, so the environment takes precedence."""
        return env_settings, SecretFiles(settings_cls, PREFIX), init_settings


def read_settings(config: Path | None = None) -> Settings:
    """The settings in force. `config` is the TOML file, by default the one that `ROLLCALL_CONFIG` names.

    Raises:
        SettingsError: a file cannot be read, or a setting is wrong or unknown. Names settings, never their values.
    """
    named = os.environ.get(f"{PREFIX}CONFIG")
    path = config or (Path(named) if named else None)
    try:
        given = _toml(path) if path else {}
        return Settings(**given)
    except ValidationError as error:
        wrong = (f"{'.'.join(map(str, detail['loc'])) or 'settings'}: {_told(detail)}" for detail in error.errors())
        raise SettingsError("; ".join(wrong)) from error
    except OSError as error:
        raise SettingsError(f"{error.filename}: {error.strerror}") from error


def _told(detail: Mapping[str, Any]) -> str:
    if detail["type"] != "extra_forbidden":
        return str(detail["msg"])
    nearest = _nearest(str(detail["loc"][-1]), Settings.model_fields)
    return f"there is no such setting{f'; is {nearest} meant?' if nearest else ''}"


def _nearest(name: str, known: Iterable[str]) -> str | None:
    return next(iter(get_close_matches(name, list(known), n=1, cutoff=0.75)), None)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SettingsError(f"{path}: not a TOML file") from error


def is_stand_in(settings: Settings) -> bool:
    """Whether MAX is addressed without TLS, which its own addresses never are."""
    return settings.max_url.startswith("http://")


def unknown_variables(environ: Mapping[str, str]) -> list[str]:
    """The variables with our prefix that name no setting: misspelt, most likely. Sorted."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {f"{PREFIX}CONFIG"}
    ours = {name for name in environ if name.startswith(PREFIX)}
    return sorted(
        name
        for name in ours - known
        if name.removesuffix("_FILE") not in known
        and not name.startswith(tuple(f"{PREFIX}{of_platform}" for of_platform in FURTHER_TOKENS.values()))
    )


def nearest_variable(name: str) -> str | None:
    """The setting that a misspelt variable most likely means, as a variable; None where nothing is near."""
    return _nearest(name, (f"{PREFIX}{field.upper()}" for field in Settings.model_fields))


def masked(settings: Settings) -> dict[str, Any]:
    """The settings as JSON, secrets masked, and passwords in addresses, wherever they stand there."""
    shown = settings.model_dump(mode="json")
    return {name: _without_passwords(value) if isinstance(value, str) else value for name, value in shown.items()}


STARS = "**********"
USER = re.compile(r"(?<=://)([^/?#@]*?)(:[^/?#]*)?@(?=[^/?#@]*(?:[/?#]|$))")
SECRET_PARAMETER = re.compile(r"([?&;][^=&;#]*(?:pass|pwd|secret|token|key)[^=&;#]*=)[^&;#]*", re.IGNORECASE)


def _without_passwords(text: str) -> str:
    """An address without its password; other texts stay as they are."""
    if "://" not in text:
        return text
    bare = USER.sub(lambda found: f"{found[1]}{':' + STARS if found[2] else ''}@", text)
    return SECRET_PARAMETER.sub(rf"\g<1>{STARS}", bare)
