"""What the handlers declare, held against the templates and against each other."""

import ast
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from conversation.broadcast import READY
from conversation.handler import Handler
from conversation.router import Router
from handlers.lesson import DONE, NOT_YET
from handlers.registry import HANDLERS, build_router
from handlers.reminders.reminding import WORDINGS
from tests.conftest import ROOT
from tests.support.talk import WORDS
from vietnamese import fold

FILES = {name.partition(".")[0] for name in WORDS.names}
# Names that the code puts together: what a task is marked as, a reminder's wordings, a rest's reason.
COMPUTED = {
    *(f"lesson.marked_{mark}" for mark in (DONE, NOT_YET)),
    *(f"reminder.why_{number}" for number in range(WORDINGS)),
    *(f"broadcast.{kind}_{one.name}" for one in READY for kind in ("label", "ready")),
    *(f"broadcast.ask_{one.name}" for one in READY if one.asks),
    *(f"witness.official_{how}" for how in "vp"),
    *(f"reminder.{kind}_{why}" for kind in ("rests", "rest_without") for why in ("week", "family")),
}
# Names of actions that reach their button by way of a variable.
PASSED_ON = {
    "anothers", "gui_look", "official_book", "official_class", "witness_book", "witness_class",
}  # fmt: skip
# What other templates import.
SHARED = {
    "soon.when",
    "reminder.clock",
    "reminder.date",
    "chat.name",
    "counted.people",
    "counted.came",
}


def sources() -> Iterator[ast.Module]:
    folders = ("handlers", "channels", "conversation", "outbox", "live", "screens")
    files = chain(ROOT.glob("*.py"), *((ROOT / folder).rglob("*.py") for folder in folders))
    return (ast.parse(file.read_text()) for file in files)


def constants(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def named_in_code() -> set[str]:
    """Every ``<file>.<macro>`` written out, and the questions' own, put with ``say("single")``."""
    named = set(COMPUTED)
    for tree in sources():
        named |= {
            text
            for text in constants(tree)
            if text.count(".") == 1
            and text.partition(".")[0] in FILES
            and text.partition(".")[2].isidentifier()
        }
    questions = ast.parse((ROOT / "handlers" / "questions.py").read_text())
    for node in ast.walk(questions):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and ast.unparse(node.func) == "asking.say"
        ):
            named |= {f"quiz.{name}" for name in constants(node.args[0])}
    return {name for name in named if not name.endswith("_")}


def actions_made() -> set[str]:
    """The names of all actions that some button carries."""
    made = set()
    for tree in sources():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func) in ("action", "asking.means", "self.means")
                and node.args
            ):
                made |= set(constants(node.args[0]))
    return made


def test_every_template_is_said_and_every_template_said_is_there() -> None:
    assert named_in_code() == WORDS.names - SHARED


def test_every_action_is_on_a_button_and_every_button_has_its_handler() -> None:
    kinds = (chain(one.actions, one.open_actions, one.group_actions, one.words) for one in HANDLERS)
    declared = set(chain(*kinds))
    # What a poll or a button means that nobody remembers; no handler claims it.
    assert (actions_made() | PASSED_ON) - {"stale"} == declared


def test_every_command_has_a_name_a_platform_takes_and_a_summary_for_its_menu() -> None:
    for command in build_router().commands:
        assert command.name.isascii()
        assert command.name.islower()
        assert command.name.isalpha()
        assert 3 <= len(command.summary) <= 40


def test_commands_of_groups_have_names_and_summaries_for_their_menu() -> None:
    commands = build_router().group_commands

    assert [command.name for command in commands] == ["lich", "bai", "nhom"]
    assert all(3 <= len(command.summary) <= 40 for command in commands)


def test_words_of_a_command_differ_without_marks() -> None:
    for command in build_router().commands:
        # Those of a firm command are told apart by their marks: "dừng" and "đừng" mean the same.
        folded = [word if command.firm else fold(word) for word in command.words]
        assert len(set(folded)) == len(folded), command.name


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda one: one.name)
def test_handler_that_is_listed_twice_is_refused(handler: Handler) -> None:
    router = build_router()
    with pytest.raises(ValueError, match="claimed twice"):
        Router((*router.handlers, handler), router._otherwise)


def test_handler_is_called_as_its_module() -> None:
    names = {one.name for one in HANDLERS}
    modules = {path.stem for path in Path(ROOT, "handlers").rglob("*.py")}

    assert names <= modules
