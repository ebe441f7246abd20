"""One question of each kind."""

from quizzes.model import (
    Option,
    PutInOrder,
    Quiz,
    RealOrScam,
    SeveralChoice,
    SingleChoice,
    TrueFalse,
)

SINGLE = SingleChoice(
    id="mot",
    facts=("B14",),
    ask="?",
    options=(Option("a", "", False), Option("b", "", True), Option("c", "", False)),
)
SEVERAL = SeveralChoice(
    id="nhieu",
    facts=("B14",),
    ask="?",
    options=(Option("a", "", True), Option("b", "", False), Option("c", "", True)),
)
STATEMENT = TrueFalse(id="dung-sai", facts=("B14",), ask="?", is_true=False, why="", tempting="")
ORDER = PutInOrder(id="thu-tu", facts=("B14",), ask="?", steps=("a", "b", "c"), why="", tempting="")
_REASONS = (Option("a", "", False), Option("b", "", False), Option("c", "", True))
SCAM_DRILL = RealOrScam(
    id="lua",
    facts=("B14",),
    scene="?",
    is_scam=True,
    why="",
    tempting="",
    first_move="",
    reasons=_REASONS,
)
REAL_DRILL = RealOrScam(
    id="that",
    facts=("B14",),
    scene="?",
    is_scam=False,
    why="",
    tempting="",
    first_move="",
    reasons=_REASONS,
)
QUIZ = Quiz(lesson="bai", questions=(SINGLE, SEVERAL, STATEMENT, ORDER, SCAM_DRILL))
