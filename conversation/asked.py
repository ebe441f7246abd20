"""What was last offered, so that typed words can be held against it."""

import json
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TypeAlias

from conversation.actions import Action

Kind: TypeAlias = Literal["one", "several", "order", "words"]
KINDS: tuple[Kind, ...] = ("one", "several", "order", "words")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The choices of the last reply, as they were shown and numbered from 1.

    ``actions`` holds one encoded action a label when ``kind`` is "one". For "several"
    and "order", ``base`` is the encoded action that takes the chosen options as its
    last argument, and ``actions`` holds what each is called there. For "words", ``base`` is the
    encoded action that takes what is typed, a name for instance, and the labels are the ways
    around it. ``graded`` marks a quiz question: then only a plain
    answer counts. ``exact`` is as in ``Say``. ``denies`` says that the statement to be judged is itself a denial,
    so a bare "không" could mean either verdict. ``easier`` is the encoded action to
    offer at the second miss, or "". ``listener`` names who hears whatever the learner does next
    (``Handler.listeners``), or is "". ``short`` is empty, or one text a label: other
    words for it, parted by ``|``.
    """

    kind: Kind = "one"
    labels: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    base: str = ""
    graded: bool = False
    exact: bool = False
    denies: bool = False
    easier: str = ""
    listener: str = ""
    short: tuple[str, ...] = ()

    def meaning(self, places: tuple[int, ...]) -> Action:
        """The action that choosing ``places`` (zero-based) means.

        For "several" and "order" the options' names are appended as one argument,
        joined by dots.
        """
        if self.kind in ("one", "words"):
            return Action.decode(self.actions[places[0]])
        base = Action.decode(self.base)
        return Action(
            base.name, (*base.arguments, ".".join(self.actions[place] for place in places))
        )

    @property
    def choices(self) -> "Asked":
        """The same, once nobody waits for words any more: only the labels may be chosen."""
        return replace(self, kind="one", base="", exact=True) if self.kind == "words" else self

    def dump(self) -> str:
        """Compact JSON for storage; "" when nothing was asked."""
        if self == NOTHING_ASKED:
            return ""
        kept = {name: value for name in _FIELDS if (value := getattr(self, name))}
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def load(cls, stored: str) -> "Asked":
        """What ``dump`` wrote; anything else, such as another version's, asks nothing."""
        try:
            return cls._from_stored(json.loads(stored))
        except (TypeError, ValueError):
            return NOTHING_ASKED

    @classmethod
    def _from_stored(cls, kept: Any) -> "Asked":
        if not isinstance(kept, dict):
            raise TypeError(kept)
        for name in ("labels", "actions", "short"):
            kept[name] = tuple(kept.get(name, ()))
        asked = cls(**kept)
        if asked.kind not in KINDS:
            raise ValueError(asked.kind)
        return asked


NOTHING_ASKED = Asked()
_FIELDS = tuple(field.name for field in fields(Asked))
