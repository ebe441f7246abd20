"""A database in a file, a site on a real port, and a page that has been opened."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.migrate import prepare
from storage.opening import open_database
from tests.support.web_page import Page, Site


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{tmp_path / 'web.db'}"
    await prepare(url)
    database = await open_database(url)
    yield database
    await database.close()


@pytest.fixture
async def site(database: Database) -> AsyncIterator[Site]:
    async with Site(database) as site:
        yield site


@pytest.fixture
async def page(site: Site) -> AsyncIterator[Page]:
    async with site.page() as page:
        await page.open()
        yield page


@pytest.fixture
async def address(site: Site, page: Page) -> str:
    """The address of ``page``."""
    return site.listening.events[0].address
