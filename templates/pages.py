"""Pages of HTML, from ``templates/vi/board/<name>.html``. Everything that comes in is escaped."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context

from templates.compiled import Compiled

_FOLDER = Path(__file__).parent / "vi" / "board"
_CACHE = Path(__file__).parent.parent / ".cache" / "words"


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
            bytecode_cache=Compiled(_CACHE, compiled_by=Path(__file__)),
        )
        environment.filters.update({name: _late(one) for name, one in filters.items()})
        environment.globals["is_rehearsal"] = is_rehearsal
        self._templates = {
            path.stem: environment.get_template(path.name) for path in _FOLDER.glob("[!_]*.html")
        }

    def render(self, name: str, /, **values: Any) -> str:
        return self._templates[name].render(**values)


def _late(write: Callable[..., Any]) -> Callable[..., Any]:
    """Called only while a page is rendered: what is kept compiled holds nothing that it wrote."""

    @pass_context
    def call(_: Any, *arguments: Any, **named: Any) -> Any:
        return write(*arguments, **named)

    return call
