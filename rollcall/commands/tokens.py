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
from adapters.database.tokens import SourceTaken, Wanted, create_token, list_tokens, revoke_token
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

Sources = Annotated[
    list[str] | None,
    typer.Option("--source", help="As whom it speaks; repeat for several. Needed to write for some schools."),
]


@app.command("create")
def create(
    *,
    context: typer.Context,
    name: str,
    scope: Scopes,
    organisation: Organisations = None,
    source: Sources = None,
    as_json: AsJson = False,
) -> None:
    """Make a token. It is shown this once."""
    writes = {Scope.EVENTS, Scope.ACCOUNTS} & set(scope)
    if organisation and writes and not source:
        raise typer.BadParameter(
            "a token that writes for some schools names the source it speaks as", param_hint="--source"
        )
    wanted = Wanted(name, [given.value for given in scope], organisation or [], source or [])
    token_id, token = run(_create(context.obj, wanted))
    print_fields({"id": token_id, "token": token}, as_json=as_json)


async def _create(settings: Settings, wanted: Wanted) -> tuple[str, str]:
    async with _writing(settings) as connection:
        try:
            return await create_token(connection, wanted, SystemClock().now())
        except SourceTaken as error:
            raise Failed(str(error)) from error


@app.command("list")
def show(context: typer.Context, as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """List the tokens, revoked ones too; never the secrets."""
    columns = ["id", "name", "scopes", "organisations", "sources", "made_at", "revoked_at"]
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
