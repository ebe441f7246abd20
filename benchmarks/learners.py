"""What a learner does next: real turns, not noise.

A learner arrives, agrees, chooses a term, reads cards, does the task, takes the quiz,
and answers by the buttons of the tutor's last line; now and then by typing the number. The
choices are random but seeded, so a run repeats.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

# One in so many answers is typed, because not everybody taps.
TYPED = 0.1
# So many turns, and then somebody new sits down: arriving is part of the mix.
TURNS = 40

_QUESTION = frozenset({"a", "pick", "rank"})
# Ways off the path: the measured learner takes one only where there is no other.
_ASIDE = frozenset(
    {"decline", "later", "person", "help", "ease", "erase", "erase_now", "keep", "identity"}
    | {"progress", "stale"}
)
# From the first that is offered.
_PATH = (
    ("agree",),
    ("term",),
    ("card", "takeaway"),
    ("practice",),
    ("quiz", "next"),
    ("quizzes",),
    ("lesson",),
    ("course",),
)


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap on the button that carries this action."""

    action: str


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote for the option at this place of a native poll."""

    place: int


@dataclass(frozen=True, slots=True)
class Typed:
    text: str


Move: TypeAlias = Tap | Vote | Typed
ARRIVE = Typed("/start")
GO_ON = Typed("/tiep")


@dataclass(slots=True)
class Learner:
    """One who learns; ``random`` may be shared."""

    random: Random
    turns: int = 0

    def move(self, actions: Sequence[str], options: int = 0) -> Move:
        """The next move, from the buttons of the last line or the number of options of its poll."""
        self.turns += 1
        types = self.random.random() < TYPED
        if options:
            place = self.random.randrange(options)
            return Typed(str(place + 1)) if types else Vote(place)
        if not actions:
            return GO_ON
        chosen = self._choose(actions)
        # Ticks and steps are answered with several numbers at once; those are always tapped.
        if types and not any(_name(one) in ("pick", "rank") for one in actions):
            return Typed(str(actions.index(chosen) + 1))
        return Tap(chosen)

    def _choose(self, actions: Sequence[str]) -> str:
        question = [one for one in actions if _name(one) in _QUESTION and _given(one)]
        if question:
            return self._answer(actions, question)
        offered = [one for one in actions if _name(one) not in _ASIDE] or list(actions)
        for names in _PATH:
            found = [one for one in offered if _name(one) in names]
            if found:
                # The way forward stands before the way back.
                return found[0] if "card" in names else self.random.choice(found)
        return self.random.choice(offered)

    def _answer(self, actions: Sequence[str], question: Sequence[str]) -> str:
        names = {_name(one) for one in actions}
        if "rank" in names:
            longest = max(len(_given(one)) for one in question)
            return self.random.choice([one for one in question if len(_given(one)) == longest])
        ready = [one for one in question if _name(one) == "a"]
        if "pick" in names and (not ready or self.random.random() < 0.4):
            return self.random.choice([one for one in question if _name(one) == "pick"])
        return self.random.choice(ready)


def _name(action: str) -> str:
    return action.partition(":")[0]


def _given(action: str) -> str:
    """What has been ticked, ordered or chosen, in an action about a question."""
    return action.rpartition(":")[2]
