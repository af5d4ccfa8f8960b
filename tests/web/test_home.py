"""The page at the root: open, calm, and true."""

from __future__ import annotations

import re

from yarl import URL

from adapters.pages.ground import HEADERS
from tests.web.conftest import Api


async def test_the_root_says_what_this_is_and_where_to_go(api: Api) -> None:
    status, page = await api.ask("GET", "/", token="")
    assert status == 200
    assert ("Rollcall" in page, "работает" in page, 'href="/readyz"' in page) == (True, True, True)


async def test_it_says_when_the_database_is_away(api: Api) -> None:
    await api.road.database.close()
    async with api.road.database.writing() as connection:
        await connection.exec_driver_sql("ALTER TABLE organisations RENAME TO gone")
    status, page = await api.ask("GET", "/", token="")
    assert (status, "база данных не отвечает" in page) == (200, True)


async def test_it_stands_on_the_ground_of_all_pages(api: Api) -> None:
    async with api.session.get(api.url + "/") as response:
        assert {name: response.headers[name] for name in HEADERS} == HEADERS
        page = await response.text()
    assert not re.findall(r"<style|<script>|style=|onclick", page)
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)">', page)
    assert len(styles) == 3
    for style in styles:
        async with api.session.get(f"{api.url}/{style}") as response:
            assert (response.status, response.content_type) == (200, "text/css")
    async with api.session.get(URL(f"{api.url}/static/%2e%2e/access.py", encoded=True)) as response:
        assert response.status in {401, 404}
