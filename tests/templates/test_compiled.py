"""Templates are kept compiled, and never used when anything they came from is another."""

from pathlib import Path

import jinja2
import pytest

from templates import pages, words
from templates.pages import PageTemplates
from templates.words import Words
from tests.conftest import ROOT


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One template, in a folder of its own."""
    folder = tmp_path / "vi"
    folder.mkdir()
    write(folder, "Chào")
    monkeypatch.setattr(words, "_FOLDER", folder)
    return folder


def write(folder: Path, text: str) -> None:
    (folder / "one.j2").write_text(f"{{% macro hello() %}}{text}{{% endmacro %}}")


def said(cache: Path) -> str:
    return str(Words(cache).render("one.hello", ""))


def compilings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that are compiled from now on."""
    names: list[str] = []
    compiling = jinja2.Environment.compile

    def spy(*arguments: object, **options: object) -> object:
        names.append(str(arguments[2]))
        return compiling(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(jinja2.Environment, "compile", spy)
    return names


def test_a_second_start_compiles_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del folder
    compiled = compilings(monkeypatch)

    assert (said(tmp_path / "kept"), compiled) == ("Chào", ["one.j2"])
    assert (said(tmp_path / "kept"), compiled) == ("Chào", ["one.j2"])


def test_another_wording_is_said_at_once(folder: Path, tmp_path: Path) -> None:
    assert said(tmp_path / "kept") == "Chào"
    write(folder, "Dạ")

    assert said(tmp_path / "kept") == "Dạ"


def test_what_another_program_compiled_is_compiled_anew(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del folder
    said(tmp_path / "kept")
    compiled = compilings(monkeypatch)
    changed = tmp_path / "words.py"
    changed.write_bytes(Path(words.__file__).read_bytes() + b"\n# changed\n")
    monkeypatch.setattr(words, "__file__", str(changed))

    assert (said(tmp_path / "kept"), compiled) == ("Chào", ["one.j2"])


@pytest.mark.parametrize("damage", [b"", b"j2", b"\x80\x02rubbish"])
def test_a_damaged_file_is_made_again(folder: Path, tmp_path: Path, damage: bytes) -> None:
    del folder
    whole = said(tmp_path / "kept")
    (kept,) = (tmp_path / "kept").iterdir()
    bytes_ = kept.read_bytes()
    for broken in (damage, bytes_[:20] + damage, bytes_[:-30] + damage):
        kept.write_bytes(broken)

        assert said(tmp_path / "kept") == whole
        assert kept.read_bytes() == bytes_


def test_a_folder_that_cannot_be_made_only_costs_time(folder: Path, tmp_path: Path) -> None:
    del folder
    (tmp_path / "file").touch()

    assert said(tmp_path / "file" / "kept") == "Chào"


def test_what_is_kept_lies_where_nothing_is_ever_committed() -> None:
    assert words._CACHE.relative_to(ROOT).parts == (".cache", "words")


def test_a_compiled_page_holds_nothing_that_a_filter_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.html").write_text("{{ 'Chào' | said }}")
    monkeypatch.setattr(pages, "_FOLDER", tmp_path)
    monkeypatch.setattr(pages, "_CACHE", tmp_path / "kept")

    first = PageTemplates({"said": lambda text: f"{text} cô"}).render("one")
    second = PageTemplates({"said": lambda text: f"{text} bác"}).render("one")

    assert (first, second) == ("Chào cô", "Chào bác")
