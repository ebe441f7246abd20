"""What a lesson is. Every text is as the author wrote it, with ``{ban}`` still to be filled."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

Confidence: TypeAlias = Literal["1", "2+"]
Stale: TypeAlias = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One row that lessons may rest on. ``stale`` is how easily it goes out of date."""

    code: str
    claim: str
    source: str
    confidence: Confidence
    stale: Stale


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One action, and the rows that what it claims rests on."""

    facts: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """Something to do in life, and a smaller step for who could not."""

    task: str
    steps_if_stuck: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """``course`` is its course's slug, ``skills`` the codes of the national framework."""

    slug: str
    title: str
    course: str
    framework_version: str
    skills: tuple[str, ...]
    minutes: int
    checked_on: date
    check_by: date
    keywords: tuple[str, ...]
    cards: tuple[Card, ...]
    takeaway: tuple[str, ...]
    practice: Practice


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """``lessons`` are slugs in order. A safety course gets refreshers."""

    slug: str
    title: str
    icon: str
    summary: str
    is_safety: bool
    lessons: tuple[str, ...]
