"""Every link between documents leads somewhere, and nothing in them is of one machine only."""

import re
import unicodedata
from pathlib import Path

import pytest

from tests.docs.papers import PAPERS, ROOT, read, without_code

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FILE = re.compile(r"`((?:[a-z_]+/)+[a-z0-9_]+\.(?:py|toml|md|yaml|j2))`")
# Whole paths of a developer's machine, and where packages come from.
_OF_ONE_MACHINE = re.compile(
    r"/(?:work|tmp|home|root|Users|mnt|var/folders)/|[A-Z]:\\|"
    r"pypi|pythonhosted|artifactory|nexus",
    re.IGNORECASE,
)
# What examples make up.
_INVENTED = {"handlers/today.py", "templates/vi/today.j2", "tests/golden/plain/hom-nay.txt"}


def anchors(path: Path) -> set[str]:
    """The names that a heading can be linked by, as GitHub makes them."""
    headings = re.findall(
        r"^#+ (.+)$", without_code(path.read_text(encoding="utf-8")), re.MULTILINE
    )
    names = set()
    for heading in headings:
        plain = unicodedata.normalize("NFC", heading.lower()).replace(" ", "-")
        names.add("".join(c for c in plain if c.isalnum() or c in "-_"))
    return names


def named(paper: Path) -> str:
    return str(paper.relative_to(ROOT))


@pytest.mark.parametrize("paper", PAPERS, ids=named)
def test_every_link_of_a_document_leads_somewhere(paper: Path) -> None:
    lost = []
    for link in _LINK.findall(without_code(paper.read_text(encoding="utf-8"))):
        if link.startswith(("https://", "http://")):
            continue
        file, _, anchor = link.partition("#")
        target = (paper.parent / file).resolve() if file else paper
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)

    assert lost == []


@pytest.mark.parametrize("paper", PAPERS, ids=named)
def test_every_file_that_a_document_names_is_there(paper: Path) -> None:
    text = without_code(paper.read_text(encoding="utf-8"))
    files = {file for file in _FILE.findall(text) if "sms/" not in file} - _INVENTED

    assert [file for file in sorted(files) if not (ROOT / file).exists()] == []


@pytest.mark.parametrize(
    "paper",
    [*PAPERS, *(ROOT / name for name in ("Makefile", "config.toml", "LICENSE", ".ci/run"))],
    ids=named,
)
def test_a_document_names_no_path_of_a_machine_and_no_place_packages_come_from(paper: Path) -> None:
    assert _OF_ONE_MACHINE.findall(paper.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_pinned_requirements_name_no_host(name: str) -> None:
    assert re.findall(r"://|--(?:extra-)?index|--find-links", read(name)) == []


def test_every_document_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        paper = waiting.pop()
        if paper in reached:
            continue
        reached.add(paper)
        for link in _LINK.findall(without_code(paper.read_text(encoding="utf-8"))):
            target = (paper.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target.exists():
                waiting.append(target)

    assert set(PAPERS) - reached == set()


def test_every_decision_is_in_the_list_under_its_own_title() -> None:
    listed = dict(
        re.findall(r"\]\((\d{4}-[a-z-]+\.md)\) \| (.+?) \|", read("docs/decisions/README.md"))
    )
    written = {}
    for path in sorted((ROOT / "docs/decisions").glob("0*.md")):
        number, title = (
            path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ").split(" ", 1)
        )
        assert path.name.startswith(f"{number}-")
        written[path.name] = title

    assert listed == written
