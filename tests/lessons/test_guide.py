"""The guide for authors names every field, host and number that the code knows."""

from dataclasses import fields
from pathlib import Path

import pytest

from authoring.addresses import HOSTS, PHONES
from lessons.model import Card, Course, Fact, Lesson, Practice
from quizzes.model import KINDS

GUIDE = (Path(__file__).parents[2] / "docs/viet-bai.md").read_text(encoding="utf-8")
# Written otherwise than they are called in the code.
WRITTEN = {"is_safety": "safety", "code": "mã"}
NAMES = sorted(
    {
        WRITTEN.get(field.name, field.name)
        for part in (Course, Lesson, Card, Practice, Fact)
        for field in fields(part)
    }
    | {"ask", "options", "steps", "scene", "answer", "why", "tempting", "first_move", "reasons"}
    | set(KINDS)
    | HOSTS
)


@pytest.mark.parametrize("name", NAMES)
def test_the_guide_names_every_field(name):
    assert name in GUIDE


def test_the_guide_names_every_number_that_may_be_written():
    digits = GUIDE.replace(" ", "")
    assert [phone for phone in sorted(PHONES) if phone not in digits] == []
