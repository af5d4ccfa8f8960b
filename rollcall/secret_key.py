"""The secret by which phones are encrypted: from the settings, or kept beside an SQLite file, where it is made once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from rollcall.output import Exit, Failed
from rollcall.settings import Settings

OURS_ALONE = 0o600
MADE = 32  # bytes


def secrets_of(settings: Settings) -> list[str]:
    """The present secret, then those by which something may still be encrypted.

    Raises:
        Failed: on PostgreSQL none is set, for several machines have to have the same; or the file cannot be used.
    """
    if settings.secret_key is not None:
        given = [settings.secret_key, settings.secret_key_former]
        return [secret.get_secret_value() for secret in given if secret is not None]
    return _of_file(key_file(settings))


def key_file(settings: Settings) -> Path | None:
    """Where the secret is kept; None of a database that has no file of its own.

    Raises:
        Failed: on PostgreSQL.
    """
    from sqlalchemy import make_url  # noqa: PLC0415 - who asks how a command is called does without

    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        raise Failed(
            "PostgreSQL needs ROLLCALL_SECRET_KEY, the same on every machine: make one with `openssl rand -hex 32`",
            Exit.WRONG_USAGE,
        )
    return Path(f"{url.database}-key") if url.database and url.database != ":memory:" else None


def new_secret() -> str:
    return secrets.token_hex(MADE)


def _of_file(path: Path | None) -> list[str]:
    if path is None:
        return [new_secret()]
    try:
        _make(path)
        kept = path.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(f"{path}: the key to the phones cannot be read") from error
    if not kept:
        raise Failed(f"{path} is empty: put the key back from a backup, or delete it and the phones are lost")
    return kept


def _make(path: Path) -> None:
    """Whole from the first moment on: of two who make it one does."""
    if path.exists():
        return
    made = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    write_secrets(made, [new_secret()])
    try:
        os.link(made, path)
    except FileExistsError:
        pass
    finally:
        made.unlink()


def write_secrets(path: Path, kept: Sequence[str]) -> None:
    """Writes a new file, for nobody else to read, and has it on the disk."""
    file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, OURS_ALONE)
    try:
        os.write(file, "".join(f"{secret}\n" for secret in kept).encode())
        os.fsync(file)
    finally:
        os.close(file)


def replace_secrets(path: Path, kept: Sequence[str]) -> None:
    """Puts others in their place at once: whoever reads has the former or these."""
    made = path.with_name(f"{path.name}.new")
    made.unlink(missing_ok=True)
    write_secrets(made, kept)
    made.replace(path)
