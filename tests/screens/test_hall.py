"""Who is fed when very many watch: no network takes all places, and a host always has one."""

from contextlib import AsyncExitStack
from typing import Any

import pytest

from screens.hall import MOST_HOSTS, MOST_OF_NETWORK, MOST_WATCHERS, Full, Hall


async def look(screen: int) -> dict[str, Any]:
    return {"screen": screen}


async def fill(hall: Hall, stack: AsyncExitStack, screen: int, network: str, most: int) -> int:
    """How many of so many get a place."""
    got = 0
    for _ in range(most):
        try:
            await stack.enter_async_context(hall.watch(screen, network))
        except Full:
            break
        got += 1
    return got


async def test_one_network_takes_a_few_places_over_all_screens() -> None:
    hall = Hall(look)
    async with AsyncExitStack() as stack:
        assert await fill(hall, stack, 1, "192.0.2.1", 20) == 20
        assert await fill(hall, stack, 2, "192.0.2.1", 300) == MOST_OF_NETWORK - 20
        async with hall.watch(1, "192.0.2.2") as changes:
            assert await anext(changes) == '{"screen": 1}'

    async with AsyncExitStack() as stack:  # who leaves gives the place back
        assert await fill(hall, stack, 1, "192.0.2.1", 300) == MOST_OF_NETWORK


async def test_a_host_has_a_place_however_many_look_along() -> None:
    hall = Hall(look)
    async with AsyncExitStack() as stack:
        networks = [f"192.0.2.{number}" for number in range(MOST_WATCHERS)]
        assert sum([await fill(hall, stack, 1, one, 2) for one in networks]) == MOST_WATCHERS
        with pytest.raises(Full):
            await stack.enter_async_context(hall.watch(1, "198.51.100.1"))

        for _ in range(MOST_HOSTS):
            changes = await stack.enter_async_context(hall.watch(1, networks[0], is_host=True))
            assert await anext(changes) == '{"screen": 1}'
        with pytest.raises(Full):
            await stack.enter_async_context(hall.watch(1, networks[0], is_host=True))


async def test_who_watches_alone_as_a_host_is_fed_to_the_end() -> None:
    hall = Hall(look)
    async with hall.watch(1, "192.0.2.1", is_host=True) as changes:
        async with hall.watch(1, "192.0.2.1") as others:
            assert await anext(others) == '{"screen": 1}'
        assert await anext(changes) == '{"screen": 1}'
