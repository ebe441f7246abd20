"""A site on a real port, and a page that has been opened."""

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.support.web_page import Page, Site


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
