"""A long-running process: its web and its workers on one loop, until the first signal, and then until all ended."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import secrets
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import cast

import structlog
import uvicorn
from starlette.types import ASGIApp

from adapters.sheets.sheets import print_sheets
from adapters.web.app import build_app
from adapters.web.dependencies import Dependencies
from events.decode import decode, decode_batch
from events.leaving import CANNOT_GO_ON, end_within
from rollcall.app import App, open_app
from rollcall.bearers import Audit, Bearers
from rollcall.linking import open_linking, own_events
from rollcall.looking import reconcile
from rollcall.loop import collect_rarely
from rollcall.output import Failed, say
from rollcall.portal import pages_of
from rollcall.roles import Role, check_role
from rollcall.settings import Settings
from rollcall.signals import stop_requested
from rollcall.silent import close_silent
from rollcall.small_reads import SmallReads
from rollcall.sole import sole_service
from rollcall.updates import webhooks_of
from rollcall.workers import noticed
from sync.use_cases.adopt_chats import offer_adoption

log = structlog.get_logger()

REQUESTS_END_WITHIN_S = 3
ENDS_WITHIN_S = 9.0  # after so long tasks that do not end are abandoned
WORKERS_END_WITHIN_S = 4.0  # a call on its way has so long to be answered; else it is read back at the next start


class _Server(uvicorn.Server):
    """A server that leaves signals to us, for the workers end by them, too."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _many_connections() -> None:
    """As many open files as the system lets a process have: each connection is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def run_until_stopped(settings: Settings, role: Role) -> None:
    """Does what the role is for until SIGTERM or SIGINT; ends within 10 s of it.

    Raises:
        Failed: the address is in use or not ours, the settings do not allow for the role, or another service has the
            SQLite file.
        StoreUnavailable: SQLite's tables could not be made.
    """
    check_role(role, settings)
    _many_connections()
    stopped = stop_requested()
    with _listening(settings, role) as listening, sole_service(settings), contextlib.ExitStack() as ending:
        async with open_app(settings) as opened, open_linking(opened, role) as app, asyncio.TaskGroup() as tasks:
            workers = [tasks.create_task(worker) for worker in role.workers(app)]
            collect_rarely()
            if listening is None:
                say(f"rollcall {role.name} has begun")
                await stopped.wait()
            else:
                await _answer(app, listening, stopped, tasks)
            log.info("process.stopping", role=role.name)
            ending.callback(end_within(ENDS_WITHIN_S, CANNOT_GO_ON).cancel)
            await _end(workers, app)


async def _answer(app: App, listening: socket.socket, stopped: asyncio.Event, tasks: asyncio.TaskGroup) -> None:
    """Answers requests until told to stop; those begun are answered while the workers end."""
    web = build_app(dependencies_of(app), pages=pages_of(app))
    web.openapi()  # built now: later it would block the loop
    server = server_of(web)
    tasks.create_task(server.serve([listening]))
    tasks.create_task(close_silent(server, app.stopping))
    say(f"rollcall listens on {address_of(listening)}")
    await stopped.wait()
    server.should_exit = True


def _listening(settings: Settings, role: Role) -> AbstractContextManager[socket.socket | None]:
    return listening_on(settings.web_host, settings.web_port) if role.web else contextlib.nullcontext()


def dependencies_of(app: App) -> Dependencies:
    """What the web is given of the app."""
    return Dependencies(
        registry=app.registry,
        account_events=own_events(app),
        intake=app.intake(noticed(app)) if app.topics is None else app.topics.onto,
        decode=decode,
        decode_batch=decode_batch,
        check_token=Bearers(app.database, app.settings.admin_token, app.clock.now),
        audit=Audit(app.database, app.clock.now),
        now=app.clock.now,
        offer_adoption=lambda school, chat: offer_adoption(app.database, school, chat, secrets.choice),
        close_notice=app.close_notice,
        choose_account=app.choose_account,
        show_choice=app.show_choice,
        decide_hold=app.decide_hold,
        choose_policies=app.choose_policies,
        choose_sign_in=app.choose_sign_in,
        print_sheets=print_sheets,
        reconcile=partial(reconcile, app),
        webhooks=webhooks_of(app),
    )


def server_of(app: ASGIApp) -> uvicorn.Server:
    """A server that ends when its `should_exit` is set."""
    return _Server(
        uvicorn.Config(
            app,
            http=cast(type[asyncio.Protocol], SmallReads),
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


async def _end(workers: list[asyncio.Task[None]], app: App) -> None:
    """Let settling finish its present calls, within a time limit."""
    app.stopping.set()
    _, late = await asyncio.wait(workers, timeout=WORKERS_END_WITHIN_S) if workers else ((), ())
    for worker in late:
        worker.cancel()
