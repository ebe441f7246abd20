"""Every word the tutor says, from ``templates/vi/<file>.j2``: one macro, one message.

Autoescape is on and an unknown name is an error, so a template can neither leak
markup nor say "undefined" to a learner.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from templates.compiled import Compiled
from templates.terms import EVERY, NEUTRAL

_FOLDER = Path(__file__).parent / "vi"
_CACHE = Path(__file__).parent.parent / ".cache" / "words"


class Words:
    """The macros of one language. Loading compiles them all; rendering does no I/O."""

    def __init__(self, cache: Path = _CACHE) -> None:
        """``cache``: the folder that keeps them compiled."""
        environment = Environment(
            loader=FileSystemLoader(_FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            # With other settings, which stand in this file, they compile to something else.
            bytecode_cache=Compiled(cache, compiled_by=Path(__file__)),
        )
        files = [(path.stem, path.name) for path in sorted(_FOLDER.glob("*.j2"))]
        self._macros: dict[str, dict[str, Any]] = {}
        for term in EVERY.values():
            self._macros[term.key] = {
                f"{file}.{name}": macro
                for file, template in files
                for name, macro in vars(
                    environment.get_template(template).make_module(term.filling)
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
