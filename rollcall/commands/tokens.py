"""`rollcall tokens`: who may use the HTTP API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.migrate import upgrade
from adapters.database.tokens import create_token, list_tokens, revoke_token
from rollcall.clock import SystemClock
from rollcall.loop import run
from rollcall.output import AsJson, Failed, print_fields, print_rows, say
from rollcall.parts import database_of, is_sqlite
from rollcall.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Tokens of the HTTP API.")


class Scope(StrEnum):
    EVENTS = "events:write"
    ACCOUNTS = "accounts:write"
    READ = "read"
    OPERATE = "operate"


Scopes = Annotated[list[Scope], typer.Option("--scope", help="What it may do; repeat for several.")]
Organisations = Annotated[
    list[str] | None, typer.Option("--organisation", help="A school it is for; repeat for several. None: all schools.")
]


@app.command("create")
def create(
    context: typer.Context,
    name: str,
    scope: Scopes,
    organisation: Organisations = None,
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """Make a token. It is shown this once."""
    scopes = [given.value for given in scope]
    token_id, token = run(_create(context.obj, name, scopes, organisation or []))
    print_fields({"id": token_id, "token": token}, as_json=as_json)


async def _create(settings: Settings, name: str, scopes: list[str], organisations: list[str]) -> tuple[str, str]:
    async with _writing(settings) as connection:
        return await create_token(connection, name, scopes, organisations, SystemClock().now())


@app.command("list")
def show(context: typer.Context, as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """List the tokens, revoked ones too; never the secrets."""
    columns = ["id", "name", "scopes", "organisations", "made_at", "revoked_at"]
    print_rows(run(_list(context.obj)), columns, as_json=as_json)


async def _list(settings: Settings) -> list[dict[str, Any]]:
    async with _writing(settings) as connection:
        return [asdict(token) for token in await list_tokens(connection)]


@app.command("revoke")
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
    parent.add_typer(app, name="tokens")
