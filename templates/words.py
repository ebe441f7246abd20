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
        # Of each term, every ``<file>.<macro>`` that is compiled.
        self._macros: dict[str, dict[str, Any]] = {term: {} for term in EVERY}

    def settle(self) -> None:
        """Compile what nobody has wanted yet: fifty files take two thirds of a second."""
        for path in sorted(_FOLDER.glob("*.j2")):
            for term in EVERY:
                self._compile(path.stem, term)

    @property
    def names(self) -> frozenset[str]:
        """Every ``<file>.<macro>``, for the tests that hold templates against code."""
        self.settle()
        return frozenset(self._macros[NEUTRAL.key])

    def render(self, name: str, term: str, /, **values: Any) -> Markup:
        """One message for a learner addressed by ``term`` (a key of ``TERMS``, or "")."""
        macros = self._macros[term]
        if name not in macros:
            self._compile(name.partition(".")[0], term)
        rendered: Markup = macros[name](**values)
        return rendered.strip()

    def fill(self, content: str, term: str) -> str:
        """A sentence of the content with its placeholders filled; plain text, not yet escaped."""
        return _fill(content, term)

    def _compile(self, file: str, term: str) -> None:
        # Two threads may both do it; it comes out the same.
        module = self._environment.get_template(f"{file}.j2").make_module(EVERY[term].filling)
        self._macros[term].update(
            (f"{file}.{name}", macro)
            for name, macro in vars(module).items()
            if not name.startswith("_")
        )


@lru_cache(maxsize=4096)
def _fill(content: str, term: str) -> str:
    return content.format_map((EVERY.get(term) or NEUTRAL).filling)
