"""The command line. stdout is data, stderr messages; exit 0 done, 1 failed, 2 wrong usage, 3 a person is needed."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from rollcall.output import Exit, Failed, say
from rollcall.settings import SettingsError, nearest_variable, read_settings, unknown_variables
from sync.errors import StoreUnavailable


class Command(NamedTuple):
    """A command's module, and what the list of commands says it does."""

    module: str
    does: str


COMMANDS = {
    "demo": Command("demo", "Show it all on made-up people: a school, its chats, and a term of its life."),
    "serve": Command("serve", "Serve events by HTTP, the registry, planning and dispatch, until told to stop."),
    "process": Command("process", "Take the topics in and keep the schedule. As many of these as partitions."),
    "dispatch": Command("dispatch", "Settle rooms and hear the platforms. As many of these as wanted."),
    "web": Command("web", "Serve the HTTP API, the registry and webhooks; others process and dispatch."),
    "simulator": Command("simulator", "Serve the chat platforms' stand-in until it is told to stop."),
    "status": Command("status", "Show what is on its way, what waits, and for whom."),
    "explain": Command("explain", "Tell why somebody is in chats or not."),
    "retry": Command("retry", "Try again, now, what the platform refused of somebody or did not answer."),
    "reconcile": Command("reconcile", "Look at every chat, and tell what differs from what is wanted."),
    "publish": Command("publish", "Publish CloudEvents from a file, a line each."),
    "import": Command("import_", "Read a OneRoster or SDS package and send what it changes, as events."),
    "config": Command("config", "Print the settings in force, secrets masked."),
    "db": Command("db", "The database's tables."),
    "tokens": Command("tokens", "Tokens of the HTTP API."),
    "issuers": Command("issuers", "Systems that may sign people in."),
    "chats": Command("chats", "Chats that people make."),
    "accounts": Command("accounts", "Accounts on chat platforms, and who has none."),
    "keys": Command("keys", "The key that phones are encrypted by."),
    "organisations": Command("organisations", "Schools, and their platform accounts."),
    "holds": Command("holds", "Changes that a guard held: show, approve, reject."),
    "guards": Command("guards", "How much may change at once before a person is asked."),
    "dead-letters": Command("dead_letters", "Records of topics that could not be taken."),
    "schemas": Command("schemas", "The published JSON Schemas of events."),
}
"""Only the command that is asked for is loaded: loading all of them takes seconds."""


def _tell_version(asked: bool) -> None:  # noqa: FBT001 - the library's signature
    if asked:
        typer.echo(f"rollcall {version_of('rollcall')}")
        raise typer.Exit


def with_settings(
    context: typer.Context,
    config_file: Annotated[
        Path | None, typer.Option("--config", envvar="ROLLCALL_CONFIG", help="A TOML file with settings.")
    ] = None,
    version: Annotated[  # noqa: ARG001, FBT002 - it has told by now, and ended; a flag
        bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="Print the version.")
    ] = False,
) -> None:
    """Keeps the membership of a school's Sferum chats in step with the school's roster."""
    logging.basicConfig(handlers=[logging.NullHandler()])  # servers configure where libraries log to
    for name in unknown_variables(os.environ):
        nearest = nearest_variable(name)
        say(f"{name} is no setting of Rollcall and is not looked at{f'; is {nearest} meant?' if nearest else ''}")
    context.obj = read_settings(config_file)


def application(arguments: Sequence[str], *, completing: bool = False) -> typer.Typer:
    """The command line for these arguments: the named command only, else the list of commands; all of it for a shell's
    completion.
    """
    commands = typer.Typer(name="rollcall", no_args_is_help=True, pretty_exceptions_enable=False)
    commands.callback()(with_settings)
    named = [name for name in COMMANDS if name in arguments or completing]
    for name in named:
        import_module(f"rollcall.commands.{COMMANDS[name].module}").add_to(commands)
    for name in () if named else COMMANDS:
        commands.command(name, help=COMMANDS[name].does)(_listed)
    return commands


def _listed() -> None:
    """A placeholder in the list of commands."""


def main() -> None:
    """The command `rollcall`."""
    try:
        application(sys.argv[1:], completing="_ROLLCALL_COMPLETE" in os.environ)()
    except SettingsError as error:
        sys.exit(_told(str(error), Exit.WRONG_USAGE))
    except Failed as error:
        sys.exit(_told(str(error), error.code))
    except StoreUnavailable as error:
        sys.exit(_told(f"the database does not answer: {error}", Exit.FAILED))


def _told(message: str, code: Exit) -> int:
    say(f"rollcall: {message}")
    return int(code)
