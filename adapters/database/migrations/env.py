"""How Alembic runs a migration here: on the connection it is given."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from adapters.database import types
from adapters.database.schema import metadata


def render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Our own column types by their names, so that a migration reads as the tables do."""
    if kind != "type":
        return False
    named = {types.Code: "types.Code", types.Number: "types.Number"}
    name = next((name for own, name in named.items() if own is item), None)
    if name is None and type(item).__module__ == types.__name__:
        name = f"types.{type(item).__name__}()"
    if name is not None:
        autogen.imports.add("from adapters.database import types")
    return name or False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=render,
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
