"""A learner who talks, from before the first word or after having agreed."""

from collections.abc import Callable

import pytest

from lessons.catalogue import Catalogue
from storage.database import Database
from tests.support.people import met
from tests.support.talk import ADMINISTRATOR, Talk


@pytest.fixture
def stranger(database: Database, catalogue: Catalogue) -> Talk:
    return Talk(database, catalogue)


@pytest.fixture
async def talk(stranger: Talk) -> Talk:
    """Somebody who agreed and is called bác."""
    for line in ("/start", "[Đồng ý, vào học]", "[Bác]"):
        await stranger.line(line)
    return stranger


@pytest.fixture
def another(database: Database, catalogue: Catalogue, talk: Talk) -> Callable[[str], Talk]:
    """Somebody else in the same tutor, at another address."""

    def make(address: str) -> Talk:
        return Talk(database, catalogue, chat=talk.chat, address=address, clock=talk.clock)

    return make


@pytest.fixture
def first(database: Database, catalogue: Catalogue) -> Talk:
    return Talk(database, catalogue, address=ADMINISTRATOR)


@pytest.fixture
async def administrator(first: Talk) -> Talk:
    return await met(first)
