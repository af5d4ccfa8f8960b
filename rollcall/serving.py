"""A long-running process: its web and its workers on one loop, until the first signal, and then until all ended."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager
from uuid import uuid4

import structlog
import uvicorn
from starlette.types import ASGIApp

from adapters.web.app import build_app
from adapters.web.doors import Doors
from events.decode import decode, decode_batch
from rollcall.bearers import Bearers
from rollcall.loop import collect_rarely
from rollcall.output import Failed, say
from rollcall.parts import Parts, parts_of
from rollcall.roles import Role, check_role
from rollcall.settings import Settings
from rollcall.signals import stop_requested
from rollcall.updates import webhooks_of
from rollcall.workers import noticed
from sync.use_cases.adopt_chats import offer_adoption

log = structlog.get_logger()

REQUESTS_END_WITHIN_S = 3
WORKERS_END_WITHIN_S = 4.0  # a call on its way has so long to be answered; else it is read back at the next start


class _Server(uvicorn.Server):
    """Leaves signals to us: the workers end by them, too."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def run_until_stopped(settings: Settings, role: Role) -> None:
    """Does what the role is for until SIGTERM or SIGINT; ends within 10 s of it.

    Raises:
        Failed: the address is in use or not ours, or the settings do not allow for the role.
        StoreUnavailable: SQLite's tables could not be made.
    """
    check_role(role, settings)
    stopped = stop_requested()
    with _listening(settings, role) as listening:
        async with parts_of(settings) as parts, asyncio.TaskGroup() as tasks:
            workers = [tasks.create_task(worker) for worker in role.workers(parts)]
            collect_rarely()
            if listening is None:
                say(f"rollcall {role.name} has begun")
                await stopped.wait()
            else:
                await _answer(parts, listening, stopped, tasks)
            log.info("process.stopping", role=role.name)
            await _end(workers, parts)


async def _answer(parts: Parts, listening: socket.socket, stopped: asyncio.Event, tasks: asyncio.TaskGroup) -> None:
    """Answers requests until told to stop; those begun are answered while the workers end."""
    server = server_of(build_app(doors_of(parts)))
    tasks.create_task(server.serve([listening]))
    say(f"rollcall listens on {address_of(listening)}")
    await stopped.wait()
    server.should_exit = True


def _listening(settings: Settings, role: Role) -> AbstractContextManager[socket.socket | None]:
    return listening_on(settings.web_host, settings.web_port) if role.web else contextlib.nullcontext()


def doors_of(parts: Parts) -> Doors:
    """What the web is given of the parts."""
    return Doors(
        registry=parts.registry,
        intake=parts.intake(noticed(parts)) if parts.topics is None else parts.topics,
        decode=decode,
        decode_batch=decode_batch,
        check_token=Bearers(parts.database, parts.settings.admin_token),
        now=parts.clock.now,
        new_id=lambda: str(uuid4()),
        offer_adoption=lambda school, chat: offer_adoption(parts.database, school, chat, secrets.choice),
        close_notice=parts.close_notice,
        choose_account=parts.choose_account,
        webhooks=webhooks_of(parts),
    )


def server_of(app: ASGIApp) -> uvicorn.Server:
    """A server that ends when its `should_exit` is set."""
    return _Server(
        uvicorn.Config(
            app,
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=REQUESTS_END_WITHIN_S,
        )
    )


@contextlib.contextmanager
def listening_on(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens, until the block is left; port 0 is any free one.

    Raises:
        Failed: the address is in use or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        raise Failed(f"{host}:{port}: {error.strerror}") from error
    with listening:
        yield listening


def address_of(listening: socket.socket) -> str:
    host, port, *_ = listening.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def _end(workers: list[asyncio.Task[None]], parts: Parts) -> None:
    """Lets what is being settled come to its end, but not for long."""
    parts.stopping.set()
    _, late = await asyncio.wait(workers, timeout=WORKERS_END_WITHIN_S) if workers else ((), ())
    for worker in late:
        worker.cancel()
