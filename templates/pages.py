"""Pages of HTML, from ``templates/vi/board/<name>.html``. Everything that comes in is escaped."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_FOLDER = Path(__file__).parent / "vi" / "board"


class PageTemplates:
    """Compiled once; rendering does no I/O. ``filters`` are what pages write values with;
    ``is_rehearsal`` has each of them say that its people are made up.
    """

    def __init__(
        self, filters: Mapping[str, Callable[..., Any]], *, is_rehearsal: bool = False
    ) -> None:
        environment = Environment(
            loader=FileSystemLoader(_FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.filters.update(filters)
        environment.globals["is_rehearsal"] = is_rehearsal
        self._templates = {
            path.stem: environment.get_template(path.name) for path in _FOLDER.glob("[!_]*.html")
        }

    def render(self, name: str, /, **values: Any) -> str:
        return self._templates[name].render(**values)
