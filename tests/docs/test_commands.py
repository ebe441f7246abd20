"""The commands that documents promise are those there are, and do what is said."""

import re
from pathlib import Path

import pytest

import bot
from commands.registry import COMMANDS
from handlers.registry import build_router
from tests.docs.papers import PAPERS, ROOT, blocks, read, table

CHAT = {command.name: command.summary for command in build_router().commands}
IN_GROUPS = {command.name: command.summary for command in build_router().group_commands}
PROGRAM = ["run", *(command.name for command in COMMANDS)]


def test_the_readme_names_every_command_of_the_chat_as_the_menu_does() -> None:
    rows = table("README.md")

    assert {
        name.removeprefix("/"): cells[0] for name, cells in rows.items() if name.startswith("/")
    } == CHAT


def test_the_readme_names_every_command_of_groups_as_their_menu_does() -> None:
    listed = re.findall(r"^- `/(\w+)`: (.+)$", read("README.md"), re.MULTILINE)

    assert dict(listed) == IN_GROUPS


def test_the_readme_names_every_command_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        bot.main(["--help"])
    offered = re.findall(r"^ {4}([\w-]+)(?: |$)", capsys.readouterr().out, re.MULTILINE)

    assert ended.value.code == 0
    assert offered == PROGRAM
    assert [
        name for name in offered if f"`.venv/bin/python bot.py {name}`" not in read("README.md")
    ] == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_names_no_command_that_is_not_there(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    named = re.findall(r"bot\.py (?!-)([a-z]+)", "\n".join(re.findall(r"`[^`\n]+`", text)))

    assert set(named) <= set(PROGRAM)


@pytest.mark.parametrize(("target", "place"), [("run", 0), ("test", 1)])
def test_the_readme_and_the_makefile_say_the_same_command(target: str, place: int) -> None:
    commands = [line for block in blocks("README.md", "sh") for line in block.splitlines()]
    long = [line for line in commands if line.startswith("python3 -m venv")]
    made = re.search(rf"^{target}:\n\t(.+)$", read("Makefile"), re.MULTILINE)

    assert made is not None
    assert made[1] == long[place]
    assert len(long) == 2


def test_the_check_finds_exactly_the_test_command_of_the_readme() -> None:
    pattern = re.search(r"sed -n 's/\^\\\((.+?)\\\)\$/", read(".ci/run"))
    assert pattern is not None

    found = [line for line in read("README.md").splitlines() if re.fullmatch(pattern[1], line)]

    assert found == [blocks("README.md", "sh")[1].strip()]
