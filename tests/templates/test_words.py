"""Every message there is, for everybody who may be spoken to."""

import re
from pathlib import Path

import pytest

from templates.terms import NEUTRAL, TERMS, Term
from templates.words import Words
from tests.conftest import ROOT

WORDS = Words()
TEMPLATES = sorted(Path(ROOT, "templates", "vi").glob("*.j2"))
# Spoken before anybody said how to be addressed, or after that is forgotten, or to a crowd.
NEUTRAL_TEXTS = {
    "start": {"identity", "consent", "declined"},
    "privacy": {"deleted"},
    "group": {"about"},
    "profile": {"description", "short_description"},
}
PRONOUNS = ("ông", "bà", "bác", "cô", "chú", "dì", "anh", "chị", "bạn", "con", "cháu", "em")
# Words that hold a pronoun and are none: a number, bà con, and names given as an example.
INNOCENT = re.compile(
    r"\b(con số|con dấu|bà con|con chữ)\b|“(cô Sáu|chú Tư Hải|(Nhà )?bà Tư( Đèo)?|Ông Năm)”",
    re.IGNORECASE,
)
_MACRO = re.compile(r"{% macro (\w+)\(.*?%}(.*?){% endmacro %}", re.DOTALL)
_CODE = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}|<.*?>", re.DOTALL)


def macros() -> list[tuple[str, str, str]]:
    return [
        (path.stem, name, body)
        for path in TEMPLATES
        for name, body in _MACRO.findall(path.read_text())
    ]


@pytest.mark.parametrize(
    ("file", "name", "body"), [pytest.param(*one, id=f"{one[0]}.{one[1]}") for one in macros()]
)
def test_no_template_writes_a_pronoun_by_hand(file: str, name: str, body: str) -> None:
    if name in NEUTRAL_TEXTS.get(file, ()):
        return
    words = INNOCENT.sub(" ", _CODE.sub(" ", body))

    written = [word for word in re.findall(r"\w+", words.lower()) if word in PRONOUNS]

    assert written == []


@pytest.mark.parametrize(("file", "names"), NEUTRAL_TEXTS.items())
def test_text_for_everybody_asks_for_no_term(file: str, names: set[str]) -> None:
    for of, name, body in macros():
        if of == file and name in names:
            assert not re.search(r"{{ *(ban|Ban|minh|Minh) *}}", body), name


@pytest.mark.parametrize("term", TERMS.values(), ids=lambda term: term.key)
def test_learner_and_tutor_go_by_the_words_that_belong_together(term: Term) -> None:
    said = str(WORDS.render("start.term_chosen", term.key))

    assert said == f"Dạ, {term.minh} nhớ rồi. Từ giờ {term.minh} gọi {term.ban}, xưng {term.minh}."


def test_whoever_chose_no_term_is_addressed_neutrally() -> None:
    said = WORDS.render("lesson.later_answer", NEUTRAL.key)

    assert NEUTRAL.ban in said
    assert NEUTRAL.minh in said


def test_content_is_filled_with_the_learners_own_words() -> None:
    assert WORDS.fill("{Ban} ơi, {minh} nè. {Minh} chào {ban}.", "ong") == (
        "Ông ơi, cháu nè. Cháu chào ông."
    )


def test_values_are_escaped_and_only_once() -> None:
    said = WORDS.render("find.found", "co", title="<b>A & B</b>", minutes=3)

    assert "<b>&lt;b&gt;A &amp; B&lt;/b&gt;</b>" in said
    assert "chừng 3 phút" in said


def test_missing_value_is_an_error_and_never_undefined() -> None:
    with pytest.raises(Exception, match="minute"):
        WORDS.render("find.found", "co", title="A", minute=3)
    with pytest.raises(Exception, match="minutes"):
        WORDS.render("find.found", "co", title="A")


def test_unknown_message_is_an_error() -> None:
    with pytest.raises(KeyError):
        WORDS.render("find.nothing", "co")
