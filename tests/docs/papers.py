"""The papers of the project, as the tests of this folder read them."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAPERS = sorted(
    (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("channels/**/*.md")),
    key=str,
)
_NAMED_BLOCK = re.compile(
    r"^`(?P<name>[^`\n]+)`:\n\n```\w*\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)
_BLOCK = re.compile(r"^ *```(?P<kind>\w*)\n(?P<code>.*?)^ *```$", re.MULTILINE | re.DOTALL)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def named_blocks(name: str) -> dict[str, str]:
    """The code blocks of a paper that stand under the name of a file, by that name."""
    return {found["name"]: found["code"] for found in _NAMED_BLOCK.finditer(read(name))}


def blocks(name: str, kind: str) -> list[str]:
    """The code blocks of one kind."""
    return [found["code"] for found in _BLOCK.finditer(read(name)) if found["kind"] == kind]


def without_code(text: str) -> str:
    return _BLOCK.sub("", text)


def table(name: str) -> dict[str, list[str]]:
    """Every row of every table of a paper, by its first cell."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in read(name).splitlines()
        if line.startswith("| ")
    ]
    return {row[0].strip("`"): row[1:] for row in rows}
