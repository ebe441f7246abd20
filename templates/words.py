"""Every word the tutor says, from ``templates/vi/<file>.j2``: one macro, one message.

Autoescape is on and an unknown name is an error, so a template can neither leak
markup nor say "undefined" to a learner.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from templates.terms import EVERY, NEUTRAL

_FOLDER = Path(__file__).parent / "vi"


class Words:
    """The macros of one language.

    A file is compiled at its first word, which takes some milliseconds; ``settle`` compiles the
    rest, in a thread too, and from then on rendering does no I/O.
    """

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(_FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._macros: dict[tuple[str, str], dict[str, Any]] = {}

    def settle(self) -> None:
        """Compile what nobody has wanted yet: fifty files take two thirds of a second."""
        for file in _files():
            for term in EVERY:
                self._macros_of(file, term)

    @property
    def names(self) -> frozenset[str]:
        """Every ``<file>.<macro>``, for the tests that hold templates against code."""
        return frozenset(
            f"{file}.{name}"
            for file in _files()
            for name in self._macros_of(file, NEUTRAL.key)
            if not name.startswith("_")
        )

    def render(self, name: str, term: str, /, **values: Any) -> Markup:
        """One message for a learner addressed by ``term`` (a key of ``TERMS``, or "")."""
        file, _, macro = name.partition(".")
        rendered: Markup = self._macros_of(file, term)[macro](**values)
        return rendered.strip()

    def fill(self, content: str, term: str) -> str:
        """A sentence of the content with its placeholders filled; plain text, not yet escaped."""
        return _fill(content, term)

    def _macros_of(self, file: str, term: str) -> dict[str, Any]:
        # Two threads may both make it; it comes out the same.
        if (file, term) not in self._macros:
            template = self._environment.get_template(f"{file}.j2")
            self._macros[file, term] = vars(template.make_module(EVERY[term].filling))
        return self._macros[file, term]


def _files() -> list[str]:
    return [path.stem for path in sorted(_FOLDER.glob("*.j2"))]


@lru_cache(maxsize=4096)
def _fill(content: str, term: str) -> str:
    return content.format_map((EVERY.get(term) or NEUTRAL).filling)
