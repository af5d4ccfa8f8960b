"""`rollcall keys`: the key that phones are encrypted by."""

from __future__ import annotations

from pathlib import Path

import typer

from rollcall.loop import run
from rollcall.output import Exit, Failed, say
from rollcall.progress import progress
from rollcall.ready import ready_app
from rollcall.secret_key import key_file, new_secret, replace_secrets, secrets_of
from rollcall.settings import Settings
from rollcall.sole import is_served
from sync.wording import number_of

commands = typer.Typer(no_args_is_help=True, help="The key that phones are encrypted by.")


@commands.callback()
def group() -> None:
    """The key that phones are encrypted by."""


@commands.command("rotate")
def rotate(context: typer.Context) -> None:
    """Encrypt all phones by a new key. A key that is kept beside an SQLite file is made anew on the way, while no
    service runs; one that is set is SECRET_KEY, beside the former one as SECRET_KEY_FORMER. Broken off, it goes on.
    """
    settings: Settings = context.obj
    path = _renewed(settings) if settings.secret_key is None else None
    turned, lost = run(_rotated(settings))
    if lost:
        raise Failed(
            f"{number_of(lost, 'phone')} cannot be read by any key there is: set the one they were encrypted by as"
            " ROLLCALL_SECRET_KEY_FORMER, and try again",
            Exit.NEEDS_PERSON,
        )
    if path is not None:
        replace_secrets(path, secrets_of(settings)[:1])
    say(f"{number_of(turned, 'phone')} encrypted anew; no former key is needed any more")


def _renewed(settings: Settings) -> Path | None:
    """The file, with a new key before the former one, unless a rotation was broken off and has left it so."""
    if is_served(settings):
        raise Failed("a service runs on this database and has the present key: stop it first", Exit.NEEDS_PERSON)
    path, kept = key_file(settings), secrets_of(settings)
    if path is not None and len(kept) == 1:
        replace_secrets(path, [new_secret(), *kept])
    return path


async def _rotated(settings: Settings) -> tuple[int, int]:
    from adapters.database.linking.rotation import Rotation  # noqa: PLC0415 - seconds of importing
    from adapters.vault import SecretVault  # noqa: PLC0415

    vault = SecretVault(secrets_of(settings))
    async with ready_app(settings) as app:
        rotation, turned, lost = Rotation(app.database, vault.key_id, vault.turned), 0, 0
        with progress("phones", await rotation.left()) as done:
            async for read, unread in rotation.turned():
                turned, lost = turned + read, lost + unread
                done(read + unread)
    return turned, lost


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(commands, name="keys")
