"""How soon a page of the dashboard is there: at a hundred learners, ten thousand in a commune, a
million in a province.

``python -m benchmarks.dashboard [--sizes 100 10000 100000] [--rounds 30]``
"""

import argparse
import asyncio
import json
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp

import pictures
from benchmarks.growth_fill import fill as fill_learners
from channels.web.server import Server, build_app
from dashboard.board import routes
from dashboard.everything import Everything
from dashboard.parts import Parts
from dashboard.recount import Recount
from dashboard.words import filters
from lessons.catalogue import Catalogue
from lessons.loading import load
from people.roles import EVERYWHERE, Role
from places.directory import load as load_places
from places.model import Place
from storage import addresses, board_links, role_grants
from storage.database import Database
from storage.migrate import prepare
from storage.opening import open_database
from templates.pages import PageTemplates

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "dashboard.json"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# Learners of one commune, of one hamlet in it, and of one class.
_COMMUNE, _HAMLETS, _CLASS = 10_000, 10, 35
# First byte of a page, 95 of 100 times, in milliseconds.
_TARGETS = {"commune": 200.0, "province": 1000.0}

_HAMLET = """
    INSERT INTO hamlet (id, commune, kind, name, folded, created_at) VALUES (?, ?, 'ap', ?, ?, 0)
"""
_COHORT = """
    INSERT INTO cohort (id, name, owner_id, commune, hamlet_id, created_at)
    VALUES (?, ?, NULL, ?, ?, 0)
"""
_CODE = "INSERT INTO cohort_code (code, cohort_id, created_at, expires_at) VALUES (?, ?, 0, 0)"
_ENROLMENTS = """
    INSERT INTO enrolment (cohort_id, learner_id, name, folded, scope, joined_at, scope_at)
    SELECT (id - 1) / :size + 1, id, 'Cô Ba ' || id, 'co ba ' || id,
        CASE WHEN id % 4 = 0 THEN '' ELSE 'progress' END, created_at, created_at
    FROM learner WHERE kind = 'person'
"""
_STUDY = """
    INSERT INTO study_week (learner_id, monday, days, wanted)
    SELECT id, date('now', 'weekday 0', '-6 days', '-' || (7 * (id % 12)) || ' days'), 5, 1
    FROM learner
"""

# Three of twelve learners are a household; one in fifty has asked for help, one in four of these
# still waits.
_HOMES = """
    INSERT INTO household (id, code, name, commune, hamlet_id, created_at)
    SELECT e.learner_id, 'H' || e.learner_id, 'Nhà', c.commune, c.hamlet_id, 0
    FROM enrolment AS e JOIN cohort AS c ON c.id = e.cohort_id WHERE e.learner_id % 12 = 0
"""
_AT_HOME = """
    INSERT INTO household_member (learner_id, household_id, name, is_seen, joined_at)
    SELECT e.learner_id, h.id, 'Cô Ba', 1, 0 FROM enrolment AS e
    JOIN household AS h ON h.id = (e.learner_id + 11) / 12 * 12 WHERE e.learner_id % 12 IN (0, 10, 11)
"""
_ASKED = """
    INSERT INTO support_case (
        learner_id, item, reason, name, commune, hamlet_id, rung, opened_at, shared_at, reached_at,
        closed_at, outcome
    )
    SELECT e.learner_id, '', 'asked', 'Cô Ba', c.commune, c.hamlet_id, 1 + e.learner_id / 50 % 3,
        :now - e.learner_id % 9 * 86400000, :now - e.learner_id % 9 * 86400000,
        :now - e.learner_id % 9 * 86400000,
        CASE WHEN e.learner_id % 200 = 0 THEN NULL ELSE :now END,
        CASE WHEN e.learner_id % 200 = 0 THEN '' ELSE 'helped' END
    FROM enrolment AS e JOIN cohort AS c ON c.id = e.cohort_id WHERE e.learner_id % 50 = 0
"""


def fill_places(path: Path, communes: list[str], learners: int) -> None:
    """Every learner into a class of 35, these into hamlets, ten thousand learners a commune; who
    lives together, and who asks for help.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    used = communes[: max(1, -(-learners // _COMMUNE))]
    connection.executemany(
        _HAMLET,
        [
            (number * _HAMLETS + one + 1, commune, f"{one + 1}", f"{one + 1}")
            for number, commune in enumerate(used)
            for one in range(_HAMLETS)
        ],
    )
    classes = -(-learners // _CLASS)
    for number in range(classes):
        at = min(number * _CLASS // _COMMUNE, len(used) - 1)
        hamlet = at * _HAMLETS + number % _HAMLETS + 1
        connection.execute(_COHORT, (number + 1, f"Lớp {number + 1}", used[at], hamlet))
        connection.execute(_CODE, (f"K{number:05}", number + 1))
    connection.execute(_ENROLMENTS, {"size": _CLASS})
    connection.execute(_STUDY)
    connection.execute(_HOMES)
    connection.execute(_AT_HOME)
    connection.execute(_ASKED, {"now": int(time.time() * 1000)})
    connection.execute("COMMIT")
    connection.close()


class Counting:
    """The statements that a database was asked since they were last taken."""

    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, _statement: str) -> None:
        self.statements += 1

    def take(self) -> int:
        taken, self.statements = self.statements, 0
        return taken


def _count_statements(database: Database, counting: Counting) -> None:
    """Have SQLite itself tell of each statement, on both of its connections."""
    for name in ("_reader", "_writer"):
        getattr(database, name)._conn.set_trace_callback(counting)  # noqa: SLF001


@asynccontextmanager
async def serving(parts: Parts, everything: Everything) -> AsyncIterator[str]:
    async def well() -> tuple[bool, dict[str, Any]]:
        return True, {}

    server = Server(build_app(routes(parts, everything), well), "127.0.0.1", 0)
    await server.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        await server.stop()


async def measure(learners: int, rounds: int, catalogue: Catalogue) -> dict[str, Any]:
    """Fill a file, count it as the job does, then open each page so many times."""
    places = load_places(ROOT)
    communes = [one.code for one in places.communes]
    with tempfile.TemporaryDirectory(prefix="hocso-dashboard-") as folder:
        path = Path(folder, "hocso.db")
        await prepare(f"sqlite:///{path}")
        fill_learners(path, catalogue, learners)
        fill_places(path, communes, learners)
        database = await open_database(f"sqlite:///{path}")
        try:
            return await _measured(database, places, communes, learners, rounds, catalogue)
        finally:
            await database.close()


async def _measured(
    database: Database,
    places: Any,
    communes: list[str],
    learners: int,
    rounds: int,
    catalogue: Catalogue,
) -> dict[str, Any]:
    parts = Parts(
        database=database,
        templates=PageTemplates(filters(ZONE)),
        catalogue=catalogue,
        places=places,
        zone=ZONE,
        basics=catalogue.lessons_in(frozenset()),
        share=0.0,
        idle=timedelta(hours=1),
        longest=timedelta(hours=12),
        public_url="",
        behind_proxy=False,
        draw=pictures.draw,
        knock=lambda _request: 0.0,
        now=lambda: datetime.now(UTC),
    )
    everything = Everything(parts)
    recount = Recount(database, parts.now, ZONE, parts.courses)
    used = max(1, -(-learners // _COMMUNE))
    begun, slowest = time.perf_counter(), 0.0
    for _ in range(used):
        since = time.perf_counter()
        await recount.recount()
        slowest = max(slowest, time.perf_counter() - since)
        async with database.read() as connection:
            if not await connection.fetchval(
                "SELECT 1 FROM counted_commune WHERE counted_at IS NULL LIMIT 1"
            ):
                break
    counted = time.perf_counter() - begun
    counting = Counting()
    _count_statements(database, counting)
    found: list[dict[str, Any]] = []
    since = time.perf_counter()
    for _ in range(2):
        await everything.count()
    whole = time.perf_counter() - since
    async with serving(parts, everything) as url:
        lookers: tuple[tuple[Role, Place], ...] = (
            ("ambassador", Place(communes[0])),
            ("administrator", EVERYWHERE),
        )
        for role, place in lookers:
            async with _browser(database, url, role, place) as browser:
                for page in (
                    "/bang",
                    "/bang/lop",
                    "/bang/lop/1",
                    "/bang/nguoi",
                    "/bang/that-lua",
                    "/bang/chi-tieu",
                    "/bang/chi-tieu?noi=a1",
                    "/bang/ca",
                    "/bang/ho",
                ):
                    times = []
                    for _ in range(rounds):
                        counting.take()
                        since = time.perf_counter()
                        async with browser.get(page) as answer:
                            await answer.content.readany()
                            times.append((time.perf_counter() - since) * 1000)
                            await answer.read()
                        if answer.status != 200:
                            raise RuntimeError(f"{page}: {answer.status}")
                    times.sort()
                    found.append(
                        {
                            "scope": "province" if role == "administrator" else "commune",
                            "page": page,
                            "statements": counting.take(),
                            "median_ms": round(statistics.median(times), 1),
                            "p95_ms": round(times[min(len(times) - 1, int(len(times) * 0.95))], 1),
                        }
                    )
    return {
        "learners": learners,
        "communes": used,
        "count_all_s": round(counted, 1),
        "count_commune_s": round(counted / used, 2),
        "count_everything_s": round(whole, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "pages": found,
    }


@asynccontextmanager
async def _browser(
    database: Database, url: str, role: Role, place: Place
) -> AsyncIterator[aiohttp.ClientSession]:
    now = datetime.now(UTC)
    secret = f"{role:x<43}"
    async with database.transaction() as connection:
        _, learner = await addresses.load(connection, "null", role, now)
        await role_grants.give(connection, learner.id, role, place, granted_by=None, now=now)
        await board_links.offer(connection, secret, learner.id, now, now + timedelta(minutes=10))
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(url, cookie_jar=jar) as session:
        async with session.post("/bang/vao", data={"ma": secret}) as answer:
            if answer.status != 200:
                raise RuntimeError(f"cannot come in: {answer.status}")
        yield session


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 10_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=40)
    chosen = parser.parse_args()
    catalogue = load(ROOT)
    results = []
    print("| learners | where | page | statements | median ms | p95 ms | target | peak MB |")
    print("|---:|---|---|---:|---:|---:|---|---:|")
    for size in chosen.sizes:
        result = asyncio.run(measure(size, chosen.rounds, catalogue))
        results.append(result)
        for page in result["pages"]:
            target = _TARGETS[page["scope"]]
            met = "met" if page["p95_ms"] < target else "MISSED"
            print(
                f"| {size:,} | {page['scope']} | {page['page']} | {page['statements']} "
                f"| {page['median_ms']} | {page['p95_ms']} | < {target:.0f}: {met} "
                f"| {result['peak_mb']} |"
            )
        print(
            f"counting {result['communes']} commune(s): {result['count_all_s']} s in all, "
            f"{result['count_commune_s']} s each; the households of everything and the indicators of a "
            f"month: {result['count_everything_s']} s"
        )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
