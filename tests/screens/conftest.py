from collections.abc import AsyncIterator

import pytest

from lessons.catalogue import Catalogue
from storage.database import Database
from tests.support.hall import Browser, Hall


@pytest.fixture
async def hall(database: Database, catalogue: Catalogue) -> AsyncIterator[Hall]:
    async with Hall(database, catalogue) as hall:
        yield hall


@pytest.fixture
async def browser(hall: Hall) -> AsyncIterator[Browser]:
    async with hall.browser() as browser:
        yield browser
