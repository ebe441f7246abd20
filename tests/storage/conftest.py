"""Every test that asks for ``database`` runs on both engines."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from storage.database import Database
from storage.opening import open_database
from tests.support.databases import ENGINES, NoPostgresql, fresh_url

NOW = datetime(2026, 11, 23, 8, 30, 0, 125_000, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def url(engine: str) -> AsyncIterator[str]:
    """A database with all tables and no rows."""
    try:
        async with fresh_url(engine) as made:
            yield made
    except NoPostgresql as reason:
        pytest.skip(str(reason))


@pytest.fixture
async def empty_url(engine: str) -> AsyncIterator[str]:
    """A database without any table."""
    try:
        async with fresh_url(engine, empty=True) as made:
            yield made
    except NoPostgresql as reason:
        pytest.skip(str(reason))


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = await open_database(url)
    yield opened
    await opened.close()
