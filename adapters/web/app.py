"""The application: routes, and what stands before all of them."""

from __future__ import annotations

from fastapi import FastAPI

from adapters.web import accounts, adoption, events, metrics, operations, organisations, registry, webhooks
from adapters.web.access import Authenticated
from adapters.web.doors import Doors
from adapters.web.paths import EncodedPaths
from adapters.web.problems import answer_with_problems


def build_app(doors: Doors, *, version: str = "1") -> FastAPI:
    """The HTTP API over what it is given. ASGI; has no start and no end of its own."""
    app = FastAPI(
        title="Rollcall",
        version=version,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.doors = doors
    for routes in (events, registry, accounts, operations, metrics, organisations, adoption, webhooks):
        app.include_router(routes.router)
    answer_with_problems(app)
    app.add_middleware(Authenticated, check=doors.check_token)
    app.add_middleware(EncodedPaths)  # the outermost: whoever looks at a path sees it as it was sent
    return app
