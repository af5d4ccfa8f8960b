"""`rollcall tokens`: who may use the HTTP API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.audit import latest_entries
from adapters.database.migrate import upgrade
from adapters.database.tokens import SourceTaken, Wanted, create_token, list_tokens, revoke_token
from rollcall.app import database_of, is_sqlite
from rollcall.clock import SystemClock
from rollcall.loop import run
from rollcall.output import AsJson, Failed, print_fields, print_rows, say
from rollcall.settings import Settings
from sync.ids import OrganisationId

commands = typer.Typer(no_args_is_help=True, help="Tokens of the HTTP API.")


class Scope(StrEnum):
    EVENTS = "events:write"
    ACCOUNTS = "accounts:write"
    READ = "read"
    OPERATE = "operate"


Scopes = Annotated[list[Scope], typer.Option("--scope", help="What it may do; repeat for several.")]
Organisations = Annotated[
    list[str] | None, typer.Option("--organisation", help="A school it is for; repeat for several. None: all schools.")
]

Sources = Annotated[
    list[str] | None,
    typer.Option("--source", help="As whom it speaks; repeat for several. Needed to write for some schools."),
]

Expires = Annotated[
    datetime | None,
    typer.Option("--expires", formats=["%Y-%m-%d"], metavar="DATE", help="The last day it is good, by UTC."),
]


@commands.command("create")
def create(
    *,
    context: typer.Context,
    name: str,
    scope: Scopes,
    organisation: Organisations = None,
    source: Sources = None,
    expires: Expires = None,
    as_json: AsJson = False,
) -> None:
    """Make a token. It is shown this once."""
    writes = {Scope.EVENTS, Scope.ACCOUNTS} & set(scope)
    if organisation and writes and not source:
        raise typer.BadParameter(
            "a token that writes for some schools names the source it speaks as", param_hint="--source"
        )
    expires_at = None if expires is None else expires.replace(tzinfo=UTC) + timedelta(days=1)
    schools = [OrganisationId(school) for school in organisation or []]
    wanted = Wanted(name, [given.value for given in scope], schools, source or [], expires_at)
    token_id, token = run(_create(context.obj, wanted))
    print_fields({"id": token_id, "token": token}, as_json=as_json)
    if expires_at is not None and expires_at <= SystemClock().now():
        say(f"{token_id} has expired already: its last day is over")


async def _create(settings: Settings, wanted: Wanted) -> tuple[str, str]:
    async with _writing(settings) as connection:
        try:
            return await create_token(connection, wanted, SystemClock().now())
        except SourceTaken as error:
            raise Failed(str(error)) from error


@commands.command("list")
def show(context: typer.Context, as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """List the tokens, revoked ones too, with their last use to the minute; never the secrets."""
    columns = [
        "id", "name", "scopes", "organisations", "sources", "made_at", "expires_at", "revoked_at", "last_used_at"
    ]  # fmt: skip
    print_rows(run(_list(context.obj)), columns, as_json=as_json)


async def _list(settings: Settings) -> list[dict[str, Any]]:
    async with _writing(settings) as connection:
        return [asdict(token) for token in await list_tokens(connection)]


@commands.command("audit")
def show_audit(
    context: typer.Context,
    token_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Of one token alone.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many, the latest.")] = 100,
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """Show what was done with tokens, the latest last; requests that only read are not among it."""
    columns = ["at", "token_id", "request", "status", "outcomes", "reason"]
    print_rows(run(_audit(context.obj, token_id, limit)), columns, as_json=as_json)


async def _audit(settings: Settings, token_id: str | None, limit: int) -> list[dict[str, Any]]:
    async with _writing(settings) as connection:
        return [asdict(entry) for entry in await latest_entries(connection, token_id, limit)]


@commands.command("revoke")
def revoke(context: typer.Context, token_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """End a token from now on."""
    if not run(_revoke(context.obj, token_id)):
        raise Failed(f"there is no token {token_id} that could be revoked")
    say(f"{token_id} is revoked")


async def _revoke(settings: Settings, token_id: str) -> bool:
    async with _writing(settings) as connection:
        return await revoke_token(connection, token_id, SystemClock().now())


@asynccontextmanager
async def _writing(settings: Settings) -> AsyncIterator[AsyncConnection]:
    if is_sqlite(settings):
        await upgrade(settings.database_url)
    database = database_of(settings)
    try:
        async with database.writing() as connection:
            yield connection
    finally:
        await database.close()


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(commands, name="tokens")
