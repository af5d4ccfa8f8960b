"""Which process does what: `serve` does all of it, the others share it out among as many processes as wanted."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any

from rollcall.output import Exit, Failed
from rollcall.parts import Parts, is_sqlite
from rollcall.settings import Settings
from rollcall.telling import keep_telling_changes, keep_telling_dead_letters
from rollcall.updates import update_workers
from rollcall.workers import keep_listening, keep_planning, keep_settling

Worker = Coroutine[Any, Any, None]


@dataclass(frozen=True, slots=True)
class Role:
    """A process: its name, its workers, whether it answers requests, and whether others may run beside it."""

    name: str
    workers: Callable[[Parts], Iterator[Worker]]
    web: bool = False
    shared: bool = True


def _processing(parts: Parts) -> Iterator[Worker]:
    """What follows from the topics and from the clock."""
    yield keep_listening(parts)
    yield keep_planning(parts)
    if parts.topics is not None:
        yield keep_telling_changes(parts, parts.topics)
        yield keep_telling_dead_letters(parts, parts.topics)
    if parts.settings.kafka_bootstrap_servers is not None:
        from rollcall.streaming import keep_streaming  # noqa: PLC0415 - Faust takes long to load

        yield keep_streaming(parts)


def _dispatching(parts: Parts) -> Iterator[Worker]:
    """What the platforms are asked and tell."""
    yield keep_listening(parts)
    yield from _calling(parts)


def _calling(parts: Parts) -> Iterator[Worker]:
    yield keep_settling(parts)
    yield from update_workers(parts)


def _everything(parts: Parts) -> Iterator[Worker]:
    yield from _processing(parts)
    yield from _calling(parts)


def _nothing(_: Parts) -> Iterator[Worker]:
    return iter(())


SERVE = Role("serve", _everything, web=True, shared=False)
PROCESS = Role("process", _processing)
DISPATCH = Role("dispatch", _dispatching)
WEB = Role("web", _nothing, web=True)


def check_role(role: Role, settings: Settings) -> None:
    """Raises Failed where the settings do not allow for several processes."""
    if role.shared and is_sqlite(settings):
        raise Failed(
            f"`rollcall {role.name}` is one of several processes: they need PostgreSQL (ROLLCALL_DATABASE_URL);"
            " on SQLite `rollcall serve` is all of them in one",
            Exit.WRONG_USAGE,
        )
