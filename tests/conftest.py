"""What every test may use: real content, real databases, and no network but loopback."""

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from hypothesis import settings

from lessons.catalogue import Catalogue
from lessons.loading import load
from storage.database import Database
from tests.support import chromium as chromiums
from tests.support import slowest_first
from tests.support.databases import fresh_database

if TYPE_CHECKING:
    from playwright.async_api import Browser

# Rewriting the asserts of every test module takes each test process eight seconds. Kept beside
# the tests they take one; the processes that the tests start leave the same folders anyway.
sys.dont_write_bytecode = False

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


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: what a test starts, or waits for, leaves its own core idle."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Each process has a stretch of its own, so that what a module starts is started once."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no run ends with one process that others wait for."""
    processes = getattr(config, "workerinput", {"workercount": 1})["workercount"]
    stretches = slowest_first.dealt_out(items, processes)
    items[:] = [item for stretch in stretches for item in stretch]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The content that learners get."""
    return load(ROOT)


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    """A SQLite file with all tables and no rows."""
    async with fresh_database() as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator["Browser"]:
    """A browser that runs; each test opens a page in a profile of its own."""
    async with chromiums.started() as browser:
        yield browser
