"""Roles of processes: `serve` does everything; the others divide the work among any number of processes."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any

from rollcall.app import App, is_sqlite
from rollcall.looking import look_workers
from rollcall.output import Exit, Failed
from rollcall.pruning import keep_pruning
from rollcall.settings import Settings
from rollcall.telling import keep_telling_changes, keep_telling_dead_letters
from rollcall.untied import keep_unlinking
from rollcall.updates import update_workers
from rollcall.webhook import webhook_of
from rollcall.workers import keep_listening, keep_planning, keep_settling, keep_time

Worker = Coroutine[Any, Any, None]


@dataclass(frozen=True, slots=True)
class Role:
    """A process: its name, its workers, whether it answers requests, whether it hears platforms, and whether others may
    run beside it.
    """

    name: str
    workers: Callable[[App], Iterator[Worker]]
    web: bool = False
    hears: bool = False
    shared: bool = True


def _processing(app: App) -> Iterator[Worker]:
    """What follows from the topics and from the clock."""
    yield keep_time(app)
    yield keep_listening(app)
    yield keep_planning(app)
    yield keep_unlinking(app)
    yield keep_pruning(app)
    if app.topics is not None:
        yield keep_telling_changes(app, app.topics)
        yield keep_telling_dead_letters(app, app.topics)
    if app.settings.kafka_bootstrap_servers is not None:
        from rollcall.streaming import keep_streaming  # noqa: PLC0415 - Faust takes long to load

        yield keep_streaming(app)


def _dispatching(app: App) -> Iterator[Worker]:
    """What the platforms are asked and tell."""
    yield keep_time(app)
    yield keep_listening(app)
    yield from _calling(app)


def _calling(app: App) -> Iterator[Worker]:
    yield keep_settling(app)
    yield from look_workers(app)
    yield from update_workers(app)


def _everything(app: App) -> Iterator[Worker]:
    yield from _processing(app)
    yield from _calling(app)


def _answering(app: App) -> Iterator[Worker]:
    yield keep_time(app)


SERVE = Role("serve", _everything, web=True, hears=True, shared=False)
PROCESS = Role("process", _processing)
DISPATCH = Role("dispatch", _dispatching, hears=True)
WEB = Role("web", _answering, web=True)


def check_role(role: Role, settings: Settings) -> None:
    """Raises Failed where the settings do not allow for several processes, or for being posted updates."""
    if settings.max_updates == "webhook" and role is not PROCESS:
        webhook_of(settings)
    if role.shared and is_sqlite(settings):
        raise Failed(
            f"`rollcall {role.name}` is one of several processes: they need PostgreSQL (ROLLCALL_DATABASE_URL);"
            " on SQLite `rollcall serve` is all of them in one",
            Exit.WRONG_USAGE,
        )
