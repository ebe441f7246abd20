"""All places, loaded once when the tutor starts and never changed while it runs."""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from authoring.form import Sheet
from authoring.problems import Problem, report
from authoring.reading import read_file
from places.model import Commune, Province
from places.parse import parse_province
from places.search import Found, Search

CONTENT = Path("places") / "content"


class PlacesBroken(Exception):
    """The places cannot be used; ``problems`` are all of them and the text is theirs."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(report(self.problems)))


class Places:
    """Every province, and its communes by their permanent codes."""

    def __init__(self, provinces: Iterable[Province] = ()) -> None:
        self.provinces = tuple(provinces)
        self._communes = {one.code: one for province in self.provinces for one in province.communes}

    @property
    def communes(self) -> tuple[Commune, ...]:
        return tuple(self._communes.values())

    def commune(self, code: str) -> Commune | None:
        """``None`` when the file no longer has it."""
        return self._communes.get(code)

    def find(self, text: str, limit: int = 8) -> list[Found]:
        """The communes that the words name, by their names now or before, best first."""
        return self._search.find(text, limit)

    @cached_property
    def _search(self) -> Search:
        return Search(self.provinces)


def load(root: Path, file: str = "") -> Places:
    """The provinces that ship with the project, or else those of ``file``.

    That is one YAML file or a folder of them, relative to ``root``. Raises ``PlacesBroken``
    with all problems at once.
    """
    provinces, problems = gather(root, file)
    if problems:
        raise PlacesBroken(problems)
    return Places(provinces)


def gather(root: Path, file: str = "") -> tuple[list[Province], list[Problem]]:
    """Every province there is, as far as it can be read, and everything that is wrong."""
    problems: list[Problem] = []
    provinces: list[tuple[Province, Sheet]] = []
    for path in _files(root, Path(file) if file else CONTENT, problems):
        sheet = Sheet(_shown(path, root), problems)
        tree = read_file(path, sheet.path, problems)
        if tree is not None:
            provinces.append((parse_province(sheet, tree), sheet))
    _check_together(provinces)
    return [province for province, _ in provinces], problems


def _files(root: Path, where: Path, problems: list[Problem]) -> list[Path]:
    path = root / where
    found = sorted(path.glob("*.yaml")) if path.is_dir() else [path] if path.is_file() else []
    if not found:
        problems.append(
            Problem(
                _shown(path, root),
                1,
                "không có tệp nào về tỉnh, xã, phường ở đây",
                "xem lại mục [places] trong config.toml, hoặc biến HOCSO_PLACES__FILE",
            )
        )
    return found


def _shown(path: Path, root: Path) -> str:
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


def _check_together(provinces: list[tuple[Province, Sheet]]) -> None:
    """No code and no province twice, and no two communes of a province with one name."""
    codes: set[str] = set()
    slugs: set[str] = set()
    for province, sheet in provinces:
        if province.slug in slugs:
            sheet.add(
                sheet.line_of("slug"),
                f"tỉnh «{province.slug}» có hai tệp",
                "giữ lại một tệp, hoặc đổi slug",
            )
        slugs.add(province.slug)
        for code, line in sheet.names:
            if code and code in codes:
                sheet.add(line, f"mã «{code}» dùng hai lần", "mỗi xã, phường một mã riêng")
            codes.add(code)
        titles = Counter(one.title for one in province.communes)
        for one, (_, line) in zip(province.communes, sheet.names, strict=True):
            if one.name and titles[one.title] > 1:
                sheet.add(line, f"«{one.title}» có hai lần", "bỏ một, hoặc sửa lại tên")
