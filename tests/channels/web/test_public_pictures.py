"""Pictures that a platform fetches by a name that cannot be guessed."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest

from channels.base import Unavailable
from channels.web.public_pictures import KEPT_FOR, MOST_OF_ONE, MOST_WRONG, WITHIN, PublicPictures
from channels.web.server import Server, build_app
from outbox.tidy import Tidy
from storage import addresses, privacy
from storage.database import Database
from tests.support.tables import rows
from tests.support.web_page import NOW, Clock

CONTENT = {"title": "Đường học của bác", "courses": [{"stones": ["passed"]}]}
URL = "https://hoc.example.vn"


@dataclass
class Shop:
    """The pictures behind a real server; what is drawn is counted."""

    database: Database
    now: datetime = NOW
    clock: Clock = field(default_factory=Clock)
    drawn: list[str] = field(default_factory=list)
    breaks: bool = False

    def __post_init__(self) -> None:
        self.pictures = self.made()
        self.server = Server(build_app(self.pictures.routes, _well), "127.0.0.1", 0)

    def made(self, **options: Any) -> PublicPictures:
        chosen = {"public_url": f"{URL}/", "behind_proxy": False, **options}
        return PublicPictures(
            database=self.database,
            draw=self._draw,
            fit=lambda png, most: (png[:most], "image/png"),
            now=lambda: self.now,
            monotonic=self.clock,
            **chosen,
        )

    def _draw(self, picture: str, content: dict[str, Any]) -> bytes:
        if self.breaks:
            raise ValueError("no")
        self.drawn.append(picture)
        return f"PNG {content['title']}".encode()

    async def publish(self, address: str = "bac-tu", **content: Any) -> str:
        return await self.pictures.of("zalo_oa")(address, "path", {**CONTENT, **content})

    async def get(self, url: str, **headers: str) -> tuple[int, bytes, Mapping[str, str]]:
        local = url.replace(URL, f"http://127.0.0.1:{self.server.port}")
        async with aiohttp.ClientSession() as session, session.get(local, headers=headers) as got:
            return got.status, await got.read(), got.headers

    async def statuses(self, url: str, times: int, **headers: str) -> set[int]:
        return {(await self.get(url, **headers))[0] for _ in range(times)}


async def _well() -> tuple[bool, dict[str, Any]]:
    return True, {}


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Shop]:
    shop = Shop(database)
    async with database.transaction() as connection:
        await addresses.load(connection, "zalo_oa", "bac-tu", NOW)
        await addresses.load(connection, "zalo_oa", "bac-nam", NOW)
    await shop.server.start()
    yield shop
    await shop.server.stop()


async def test_a_picture_is_given_to_whoever_knows_its_name_again_and_again(shop: Shop) -> None:
    url = await shop.publish()
    first = await shop.get(url)
    second = await shop.get(url)

    assert url.startswith(f"{URL}/p/")
    assert len(url.removeprefix(f"{URL}/p/")) == 32
    assert first[:2] == second[:2] == (200, "PNG Đường học của bác".encode())
    headers = (
        "Content-Type", "Cache-Control", "ETag", "Cross-Origin-Resource-Policy", "X-Robots-Tag",
        "Set-Cookie",
    )  # fmt: skip
    assert [first[2].get(name) for name in headers] == [
        "image/png",
        "private, max-age=3600",
        f'"{url[-32:]}"',
        "cross-origin",
        "noindex",
        None,
    ]
    assert shop.drawn == ["path"]


async def test_who_has_it_already_is_told_so(shop: Shop) -> None:
    url = await shop.publish()

    assert (await shop.get(url, **{"If-None-Match": f'"{url[-32:]}"'}))[:2] == (304, b"")
    assert shop.drawn == []


async def test_the_same_picture_has_the_same_name_also_from_another_process(shop: Shop) -> None:
    once = await shop.publish()
    elsewhere = await shop.made().of("zalo_oa")("bac-tu", "path", dict(reversed(CONTENT.items())))

    assert once == elsewhere
    assert len(await rows(shop.database, "public_picture")) == 1


async def test_names_of_different_pictures_and_people_differ(shop: Shop) -> None:
    urls = [
        await shop.publish(),
        await shop.publish(title="khác"),
        await shop.publish("bac-nam"),
        await shop.publish(""),
    ]

    assert len(set(urls)) == len(urls)


async def test_nothing_is_published_without_a_public_address(shop: Shop) -> None:
    publish = shop.made(public_url="").of("zalo_oa")

    assert await publish("bac-tu", "path", CONTENT) == ""
    assert await rows(shop.database, "public_picture") == []


async def test_nothing_is_published_of_who_is_not_here(shop: Shop) -> None:
    assert await shop.publish("nguoi-la") == ""


async def test_a_database_that_is_away_is_a_failure_to_try_again(shop: Shop) -> None:
    await shop.database.close()

    with pytest.raises(Unavailable):
        await shop.publish()


async def test_the_picture_of_a_learner_who_is_erased_is_gone_at_once(shop: Shop) -> None:
    url = await shop.publish()
    others = await shop.publish("bac-nam")
    assert (await shop.get(url))[0] == 200
    async with shop.database.transaction() as connection:
        address = await addresses.find(connection, "zalo_oa", "bac-tu")
        assert address is not None
        await privacy.erase(connection, address.learner_id)

    assert ((await shop.get(url))[0], (await shop.get(others))[0]) == (404, 200)


async def test_a_picture_lives_some_days_and_longer_when_it_is_published_again(shop: Shop) -> None:
    url = await shop.publish()
    shop.now += KEPT_FOR - timedelta(seconds=1)
    last = await shop.get(url)
    await shop.publish()
    shop.now += KEPT_FOR - timedelta(seconds=1)
    again = await shop.get(url)
    shop.now += timedelta(seconds=1)
    over = await shop.get(url)
    await Tidy(shop.database, lambda: shop.now, 30).tidy()

    assert [got[0] for got in (last, again, over)] == [200, 200, 404]
    assert last[2]["Cache-Control"] == "private, max-age=1"
    assert await rows(shop.database, "public_picture") == []


@pytest.mark.parametrize("name", ["x", "A" * 31, "A" * 33, "..%2F..%2Fconfig.toml", "A" * 31 + "'"])
async def test_what_is_no_name_is_not_even_looked_for(shop: Shop, name: str) -> None:
    assert (await shop.get(f"{URL}/p/{name}"))[0] == 404


async def test_guessing_is_stopped_and_hinders_nobody_elsewhere(shop: Shop) -> None:
    url = await shop.publish()
    shop.pictures = shop.made(behind_proxy=True)
    await shop.server.stop()
    shop.server = Server(build_app(shop.pictures.routes, _well), "127.0.0.1", 0)
    await shop.server.start()
    guesser, platform = {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "198.51.100.7"}
    guesses = [f"{URL}/p/{number:032d}" for number in range(MOST_WRONG)]
    wrong = [(await shop.get(guess, **guesser))[0] for guess in guesses]

    assert set(wrong) == {404}
    assert (await shop.get(guesses[0], **guesser))[0] == 429
    assert (await shop.get(url, **guesser))[0] == 429
    assert (await shop.get(url, **platform))[0] == 200
    shop.clock.seconds += WITHIN
    assert (await shop.get(url, **guesser))[0] == 200


async def test_one_picture_is_not_asked_for_without_end(shop: Shop) -> None:
    url = await shop.publish()

    assert await shop.statuses(url, MOST_OF_ONE) == {200}
    assert await shop.statuses(url, 1) == {429}
    shop.clock.seconds += WITHIN
    assert await shop.statuses(url, 1) == {200}


async def test_what_cannot_be_drawn_is_not_there(shop: Shop) -> None:
    url = await shop.publish()
    shop.breaks = True

    assert (await shop.get(url))[0] == 404
