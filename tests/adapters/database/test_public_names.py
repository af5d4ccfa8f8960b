"""The way to the databases is by names that asyncpg, aiosqlite and SQLAlchemy have made public: none of theirs that
begins with an underscore, which a newer version may be without.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "adapters" / "database"
OF_NAMED_TUPLES = {"_asdict", "_fields", "_make", "_replace"}
OURS = {"self", "cls"}


def private_names(source: str) -> Iterator[tuple[int, str]]:
    """What is asked by an underscore of anything that is not the module's own."""
    tree = ast.parse(source)
    own = {target.attr for target in ast.walk(tree) if isinstance(target, ast.Attribute) and _of_ours(target)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _is_private(node.attr) and node.attr not in OF_NAMED_TUPLES | own:
            yield node.lineno, node.attr
        if isinstance(node, ast.ImportFrom) and not (node.module or "").startswith(("adapters.", "sync.", "schemas.")):
            yield from ((node.lineno, name.name) for name in node.names if _is_private(name.name))


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def _of_ours(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in OURS


def test_a_name_of_a_drivers_own_is_found() -> None:
    assert list(private_names("async def run(connection):\n    await connection._protocol.bind()\n")) == [
        (2, "_protocol")
    ]
    assert list(private_names("from sqlalchemy.sql.base import _NoArg\n")) == [(1, "_NoArg")]
    assert list(private_names("class A:\n    def f(self):\n        return self._own\n")) == []


def test_none_is_used() -> None:
    found = {
        f"{path.relative_to(FOLDER)}:{line}: {name}"
        for path in sorted(FOLDER.rglob("*.py"))
        for line, name in private_names(path.read_text(encoding="utf-8"))
    }
    assert found == set()
