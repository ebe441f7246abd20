"""Pages of HTML, from ``templates/vi/board/<name>.html``. Everything that comes in is escaped."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_FOLDER = Path(__file__).parent / "vi" / "board"


class PageTemplates:
    """Each compiled once, when first shown: most people never open one. ``filters`` are what pages
    write values with; ``is_rehearsal`` has each of them say that its people are made up.
    """

    def __init__(
        self, filters: Mapping[str, Callable[..., Any]], *, is_rehearsal: bool = False
    ) -> None:
        self._environment = environment = Environment(
            loader=FileSystemLoader(_FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.filters.update(filters)
        environment.globals["is_rehearsal"] = is_rehearsal

    def render(self, name: str, /, **values: Any) -> str:
        return self._environment.get_template(f"{name}.html").render(**values)
