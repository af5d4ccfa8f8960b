"""The command line. stdout is data, stderr messages; exit 0 done, 1 failed, 2 wrong usage, 3 a person is needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from rollcall.output import Exit, Failed, say
from rollcall.settings import SettingsError, read_settings, unknown_variables
from sync.errors import StoreUnavailable

COMMANDS = {
    "demo": "demo",
    "serve": "serve",
    "process": "process",
    "dispatch": "dispatch",
    "web": "web",
    "simulator": "simulator",
    "status": "status",
    "explain": "explain",
    "publish": "publish",
    "import": "import_",
    "config": "config",
    "db": "db",
    "tokens": "tokens",
    "chats": "chats",
    "organisations": "organisations",
    "dead-letters": "dead_letters",
    "schemas": "schemas",
}
"""Each command's module: only what is asked for is loaded, for loading everything takes seconds."""


def with_settings(
    context: typer.Context,
    config_file: Annotated[
        Path | None, typer.Option("--config", envvar="ROLLCALL_CONFIG", help="A TOML file with settings.")
    ] = None,
) -> None:
    """Keeps the membership of a school's Sferum chats in step with the school's roster."""
    for name in unknown_variables(os.environ):
        say(f"{name} is no setting of Rollcall and is not looked at")
    context.obj = read_settings(config_file)


def application(arguments: Sequence[str]) -> typer.Typer:
    """The command line as far as these arguments go; all of it where they name no command."""
    app = typer.Typer(name="rollcall", no_args_is_help=True, pretty_exceptions_enable=False)
    app.callback()(with_settings)
    named = [name for name in COMMANDS if name in arguments]
    for name in named or COMMANDS:
        import_module(f"rollcall.commands.{COMMANDS[name]}").add_to(app)
    return app


def main() -> None:
    """The command `rollcall`."""
    try:
        application(sys.argv[1:])()
    except SettingsError as error:
        sys.exit(_told(str(error), Exit.WRONG_USAGE))
    except Failed as error:
        sys.exit(_told(str(error), error.code))
    except StoreUnavailable as error:
        sys.exit(_told(f"the database does not answer: {error}", Exit.FAILED))


def _told(message: str, code: Exit) -> int:
    say(f"rollcall: {message}")
    return int(code)
