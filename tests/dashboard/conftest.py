"""A village whose dashboard is open on a real port."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path

import pytest

from lessons.catalogue import Catalogue
from storage.database import Database
from storage.opening import open_database
from tests.support.board import Board, Village, fill
from tests.support.databases import fresh_url, make_tables


@pytest.fixture(scope="session")
def filled(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Village]:
    """A file with that village in it: filled once, and copied for each test."""
    file = tmp_path_factory.mktemp("village") / "hocso.db"
    make_tables(file)

    async def make() -> Village:
        database = await open_database(f"sqlite:///{file}")
        try:
            return await fill(database, catalogue, (9, 8, 6))
        finally:
            await database.close()

    with ThreadPoolExecutor(1) as thread:
        return file, thread.submit(asyncio.run, make()).result()


@pytest.fixture
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """As everywhere else; with the village in it for whoever asks for that."""
    async with fresh_url("sqlite") as url:
        if "village" in request.fixturenames:
            file, _ = request.getfixturevalue("filled")
            shutil.copy(file, url.removeprefix("sqlite:///"))
        opened = await open_database(url)
        yield opened
        await opened.close()


@pytest.fixture
def village(database: Database, filled: tuple[Path, Village]) -> Village:
    """Who and what is in ``database``."""
    del database
    return deepcopy(filled[1])


@pytest.fixture
async def board(database: Database, catalogue: Catalogue, village: Village) -> AsyncIterator[Board]:
    del village
    async with Board(database, catalogue).open() as opened:
        yield opened
