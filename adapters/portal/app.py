"""The pages of a person as an application of its own, to be mounted at `/enter` and `/my`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from adapters.pages.ground import STATIC
from adapters.portal import chats, entering, linking, unlinking, vk_id
from adapters.portal.dependencies import Portal
from adapters.portal.guests import FromElsewhere, Outdated
from adapters.portal.hand_over import origin_of
from adapters.portal.pages import AT, OUTDATED, Elsewhere, headers_with, page, see
from adapters.portal.words import said
from sync.errors import StoreUnavailable

PATHS = ("/enter", f"{AT}/{{rest:path}}")
"""Where it is mounted: the paths are looked at whole."""


def portal_app(portal: Portal) -> FastAPI:
    """The pages over what they are given. Raises ValueError where PUBLIC_URL is no address."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.portal = portal
    app.state.origin = portal.origin
    app.state.headers = headers_with(origin_of(portal.vk_id_url) if portal.vk_id_url else None)
    for routes in (entering, chats, linking, vk_id, unlinking):
        app.include_router(routes.router)
    app.add_api_route(OUTDATED, _outdated, include_in_schema=False)
    app.mount(f"{AT}/static", StaticFiles(directory=STATIC, packages=[("adapters.portal", "static")]))
    _answer_with_pages(app)
    return app


def _answer_with_pages(app: FastAPI) -> None:
    """Whatever goes wrong is a page that says what to do."""
    app.add_exception_handler(Elsewhere, _elsewhere)
    app.add_exception_handler(Outdated, _saying(403, "outdated"))
    app.add_exception_handler(FromElsewhere, _saying(403, "outdated"))
    app.add_exception_handler(StoreUnavailable, _saying(503, "away"))
    app.add_exception_handler(Exception, _saying(500, "away"))
    app.add_exception_handler(HTTPException, _of_framework)


async def _outdated(request: Request) -> Response:
    return _sorry(request, 403, "outdated")


async def _elsewhere(_: Request, error: Exception) -> Response:
    return see(error.path if isinstance(error, Elsewhere) else OUTDATED)


def _saying(status: int, words: str) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, _: Exception) -> Response:
        return _sorry(request, status, words)

    return answer


async def _of_framework(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _sorry(request, status, "not_here" if status in {404, 405} else "away")


def _sorry(request: Request, status: int, words: str) -> Response:
    return page(request, "sorry.html", None, status=status, message=said("notice", words))
