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
    """The macros of one language. Loading compiles them all; rendering does no I/O."""

    def __init__(self) -> None:
        environment = Environment(
            loader=FileSystemLoader(_FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._macros: dict[str, dict[str, Any]] = {}
        for term in EVERY.values():
            self._macros[term.key] = {
                f"{path.stem}.{name}": macro
                for path in sorted(_FOLDER.glob("*.j2"))
                for name, macro in vars(
                    environment.get_template(path.name).make_module(term.filling)
                ).items()
                if not name.startswith("_")
            }

    @property
    def names(self) -> frozenset[str]:
        """Every ``<file>.<macro>``, for the tests that hold templates against code."""
        return frozenset(self._macros[NEUTRAL.key])

    def render(self, name: str, term: str, /, **values: Any) -> Markup:
        """One message for a learner addressed by ``term`` (a key of ``TERMS``, or "")."""
        rendered: Markup = self._macros[term][name](**values)
        return rendered.strip()

    def fill(self, content: str, term: str) -> str:
        """A sentence of the content with its placeholders filled; plain text, not yet escaped."""
        return _fill(content, term)


@lru_cache(maxsize=4096)
def _fill(content: str, term: str) -> str:
    return content.format_map((EVERY.get(term) or NEUTRAL).filling)
