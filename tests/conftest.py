"""What every test may use: real content, real databases, and no network but loopback."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from lessons.catalogue import Catalogue, load
from storage.database import Database
from tests.support.databases import fresh_database

ROOT = Path(__file__).resolve().parent.parent
# How long an example takes says something of the machine, and nothing of what is tested.
settings.register_profile("hocso", deadline=None)
settings.load_profile("hocso")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the tutor says now into tests/golden, to be read before it is kept",
    )


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The content that learners get."""
    return load(ROOT)


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    """A SQLite file with all tables and no rows."""
    async with fresh_database() as opened:
        yield opened
