"""A real browser, where there is one: started once in a test process, and new for each test."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

CHROMIUM = next(
    (p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(p).exists()), ""
)
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Where pictures of the page are kept to be looked at; nowhere unless asked for.
PICTURES = os.environ.get("HOCSO_TEST_PICTURES", "")


@asynccontextmanager
async def started() -> AsyncIterator["Browser"]:
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield browser
        await browser.close()


@asynccontextmanager
async def watched_page(
    browser: "Browser", timeout_ms: int, **options: Any
) -> AsyncIterator[tuple["Page", list[str]]]:
    """A page in a profile of its own, and all that is said on its console or asked of another
    host.
    """
    context = await browser.new_context(locale="vi-VN", **options)
    context.set_default_timeout(timeout_ms)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on(
        "request",
        lambda asked: wrong.append(asked.url) if "127.0.0.1" not in asked.url else None,
    )
    yield page, wrong
    await context.close()
