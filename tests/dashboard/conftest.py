"""A village whose dashboard is open on a real port."""

from collections.abc import AsyncIterator

import pytest

from lessons.catalogue import Catalogue
from storage.database import Database
from tests.support.board import Board, Village, fill


@pytest.fixture
async def village(database: Database, catalogue: Catalogue) -> Village:
    return await fill(database, catalogue, (9, 8, 6))


@pytest.fixture
async def board(database: Database, catalogue: Catalogue, village: Village) -> AsyncIterator[Board]:
    async with Board(database, catalogue).open() as opened:
        yield opened
