"""Each of the things that are asked of every page is noticed where a page does not keep to it."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, Route

from adapters.pages.ground import HEADERS
from tests.browser.pages import Complaints, assert_accessible, assert_fits

pytestmark = pytest.mark.parametrize("page", [320], indirect=True)

AT = "http://page.test/"
GROUND = '<!doctype html><html lang="ru"><meta name="viewport" content="width=device-width"><title>Т</title>'


async def opened(page: Page, body: str, headers: dict[str, str] | None = None) -> None:
    """Opens a page of that body, which nobody serves."""

    async def answer(route: Route) -> None:
        html = f"{GROUND}<main><h1>Т</h1>{body}</main>"
        await route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)

    await page.route(AT, answer)
    await page.goto(AT)
    await page.evaluate("0")  # what the browser said before has been heard by then


async def test_a_page_that_keeps_to_all_passes(page: Page) -> None:
    await opened(page, '<label>Имя <input></label><img src="data:," alt="">', HEADERS)
    await assert_fits(page)
    await assert_accessible(page)


async def test_what_is_pushed_over_the_edge(page: Page) -> None:
    await opened(page, '<p style="width: 2000px">.')
    with pytest.raises(AssertionError, match=r"20\d\d px wide"):
        await assert_fits(page)


async def test_a_field_that_nothing_names(page: Page) -> None:
    await opened(page, "<input>")
    with pytest.raises(AssertionError, match="label"):
        await assert_accessible(page)


async def test_words_that_are_pale_in_the_dark_alone(page: Page) -> None:
    await opened(page, "<style>@media (prefers-color-scheme: dark) {p {color: #bbb; background: #fff}}</style><p>Слова")
    with pytest.raises(AssertionError, match=r"(?s)dark: .*color-contrast"):
        await assert_accessible(page)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ('<p style="color: red">', "Content Security Policy"),
        ("<script>var inline</script>", "Content Security Policy"),
        ('<img src="http://elsewhere.test/i.png" alt="">', "Content Security Policy"),
    ],
)
async def test_what_the_policy_refuses(page: Page, complaints: Complaints, body: str, complaint: str) -> None:
    await opened(page, body, HEADERS)
    assert [each for each in complaints if complaint in each]
    complaints.clear()


async def test_scripts_that_fail(page: Page, complaints: Complaints) -> None:
    await opened(page, "<script>nothing.here()</script><script>console.error('said')</script>")
    assert [each.partition(": ")[2] for each in complaints] == ["nothing is not defined", "said"]
    complaints.clear()
