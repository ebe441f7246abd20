"""What an address asks for beside its path: order, search, page. Anything odd is the usual."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from aiohttp import web

from vietnamese import fold

PAGE = 25
_MOST_LETTERS = 60
# Nobody leafs further; whoever looks for somebody searches.
_MOST_PAGES = 4_000

Order = TypeVar("Order", bound=str)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a list, and the addresses of its neighbours ("" where there is none)."""

    number: int
    pages: int
    total: int
    before: str
    after: str


def order_of(request: web.Request, allowed: Sequence[Order]) -> Order:
    """The first of the allowed when it is none of them."""
    wanted = request.query.get("xep", "")
    return next((one for one in allowed if one == wanted), allowed[0])


def search_of(request: web.Request) -> str:
    """As it was typed, on one line and not endless."""
    typed = " ".join(request.query.get("tim", "")[: 4 * _MOST_LETTERS].split())
    return typed[:_MOST_LETTERS]


def folded(search: str) -> str:
    return fold(search)


def page_of(request: web.Request) -> int:
    """From 1."""
    said = request.query.get("trang", "1")
    number = int(said) if said.isascii() and said.isdecimal() and len(said) <= 9 else 1
    return min(max(number, 1), _MOST_PAGES)


def leaf(request: web.Request, number: int, total: int) -> Leaf:
    pages = max(1, -(-total // PAGE))

    def to(page: int) -> str:
        kept = {key: request.query[key] for key in ("noi", "xep", "tim") if request.query.get(key)}
        return f"{request.path}?{urlencode({**kept, 'trang': page})}"

    return Leaf(
        number=number,
        pages=pages,
        total=total,
        before=to(min(number - 1, pages)) if number > 1 else "",
        after=to(number + 1) if number < pages else "",
    )
