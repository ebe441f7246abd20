"""From typed words, most often without marks and often the names before 2025, to communes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein

from places.model import Commune, Province
from vietnamese import fold

# What stands before a name, folded; the first that fits is taken off.
_KINDS = (
    "thi tran", "thi xa", "thanh pho", "dac khu", "phuong", "huyen", "tinh", "xa", "tt", "tx",
    "tp", "q", "p", "x", "h",
)  # fmt: skip
_SLIP_FROM = 6  # letters: in a shorter name every letter counts


@dataclass(frozen=True, slots=True)
class Found:
    """A commune, and the name from before that led to it, or "" when it was its own."""

    commune: Commune
    before: str = ""


@dataclass(frozen=True, slots=True)
class _Name:
    """One name of a commune. ``rank`` says whose: 0 its own, 1 of a unit that is part of it
    now, 2 of the district it was in.
    """

    full: str
    bare: str
    rank: int
    shown: str
    place: int


class Search:
    """An index of all names now and before."""

    def __init__(self, provinces: Iterable[Province]) -> None:
        provinces = tuple(provinces)
        self._communes = [one for province in provinces for one in province.communes]
        self._provinces = {
            fold(name) for province in provinces for name in (province.name, *province.before)
        }
        self._names = [
            name for place, one in enumerate(self._communes) for name in _names(one, place)
        ]

    def find(self, text: str, limit: int) -> list[Found]:
        typed = self._without_province(fold(text))
        bare = _bare(typed)
        if not bare:
            return []
        best: dict[int, tuple[int, int, _Name]] = {}
        for name in self._names:
            fit = _fit(typed, bare, name)
            if fit is None:
                continue
            rank = (fit, name.rank, name)
            if name.place not in best or rank[:2] < best[name.place][:2]:
                best[name.place] = rank
        ranked = sorted(best.values(), key=lambda one: (*one[:2], one[2].place))
        closest = ranked[0][0] if ranked else 0
        return [
            Found(self._communes[name.place], name.shown if name.rank else "")
            for fit, _, name in ranked[:limit]
            # A slip of the finger is looked for only where nothing fits as it stands.
            if fit < _SLIPPED or closest == _SLIPPED
        ]

    def _without_province(self, typed: str) -> str:
        """What is left of "tan hong dong thap"; "dong thap" alone stays as it is."""
        for province in self._provinces:
            for end in (f" tinh {province}", f" {province}"):
                if typed.endswith(end) and _bare(typed.removesuffix(end)):
                    return typed.removesuffix(end)
        return typed


_EXACT, _WORDS, _STARTS, _SLIPPED = range(4)


def _fit(typed: str, bare: str, name: _Name) -> int | None:
    """How the words fit the name, the smaller the better; ``None`` when they do not."""
    has_kind = typed != bare
    if typed == name.full or (bare == name.bare and not has_kind):
        return _EXACT
    if bare == name.bare:
        return _WORDS  # "xã Cao Lãnh" for the ward of that name
    if f" {bare} " in f" {name.bare} ":
        return _WORDS
    if name.rank == 0 and len(bare) > 1 and name.bare.startswith(bare):
        return _STARTS
    if min(len(bare), len(name.bare)) >= _SLIP_FROM:
        near = DamerauLevenshtein.distance(bare, name.bare, score_cutoff=1) <= 1
        return _SLIPPED if near else None
    return None


def _names(commune: Commune, place: int) -> Iterator[_Name]:
    yield _name(commune.title, 0, "", place)
    for former in commune.before:
        for one in former.communes:
            yield _name(one, 1, f"{one}, {former.district}", place)
        if former.district:
            yield _name(former.district, 2, former.district, place)


def _name(title: str, rank: int, shown: str, place: int) -> _Name:
    full = fold(title)
    return _Name(full, _bare(full), rank, shown, place)


def _bare(folded: str) -> str:
    """Without the word for its kind: "xa tan hong" is "tan hong"; "phuong 1" stays."""
    for kind in _KINDS:
        rest = folded.removeprefix(f"{kind} ")
        if rest != folded:
            return rest if not rest.isdecimal() else folded
    return folded
