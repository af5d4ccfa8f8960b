"""The application: routes, and what stands before all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial

from fastapi import FastAPI
from starlette.routing import Route
from starlette.types import ASGIApp

from adapters.web import (
    accounts,
    adoption,
    events,
    holds,
    home,
    metrics,
    operations,
    organisations,
    reconciles,
    registry,
    reminders,
    webhooks,
)
from adapters.web.access import Authenticated
from adapters.web.bodies import BoundedBodies
from adapters.web.dependencies import Dependencies
from adapters.web.openapi import describe
from adapters.web.paths import EncodedPaths
from adapters.web.problems import answer_with_problems
from adapters.web.shared import Shared
from adapters.web.static_files import STATIC_FILES


def build_app(deps: Dependencies, *, version: str = "1", pages: Mapping[str, ASGIApp] | None = None) -> FastAPI:
    """The HTTP API over what it is given. ASGI; has no start and no end of its own. `pages`: who answers at some paths
    instead, and signs people in by itself.
    """
    pages = pages or {}
    app = FastAPI(
        title="Rollcall",
        version=version,
        openapi_url=None,  # ours is written once
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.deps = deps
    app.state.large_batches = asyncio.Semaphore(events.LARGE_AT_A_TIME)
    app.state.printing = asyncio.Semaphore(reminders.AT_A_TIME)
    app.state.metrics = Shared(partial(metrics.told, deps))
    app.state.readiness = Shared(partial(operations.readiness_of, deps))
    for routes in (
        events, registry, reminders, accounts, operations, holds, reconciles, metrics, organisations, adoption,
        webhooks, home,
    ):  # fmt: skip
        app.include_router(routes.router)
    app.mount("/static", STATIC_FILES)
    app.router.routes.extend(Route(path, answers, include_in_schema=False) for path, answers in pages.items())
    answer_with_problems(app)
    describe(app)
    app.add_middleware(BoundedBodies)
    app.add_middleware(Authenticated, check=deps.check_token, audit=deps.audit, pages=pages)
    app.add_middleware(EncodedPaths)  # the outermost: whoever looks at a path sees it as it was sent
    return app
