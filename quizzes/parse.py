"""From one YAML file to one quiz. ``docs/viet-bai.md`` explains every field to authors."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from authoring.form import Form, Sheet, longest
from authoring.reading import Tree
from quizzes.lengths import MOST_SAID, longest_said
from quizzes.model import (
    Option,
    PutInOrder,
    Question,
    Quiz,
    RealOrScam,
    SeveralChoice,
    SingleChoice,
    TrueFalse,
)
from vietnamese import fold

# Options are shuffled, so none may speak of another or of its place. Over a folded text with a
# space before and after: the search then goes from space to space.
_LEANS_ON_ORDER = re.compile(
    r" (?:ca (?:hai|ba|bon) (?:deu|y|cau|dap an|cach)"
    r"|tat ca (?:deu|dap an|y tren|cac (?:y|cau|dap an|cach|viec)|.* tren(?= $))"
    r"|khong (?:cau|dap an|y) nao"
    r"|(?:cau|dap an|lua chon) (?:tren|duoi|truoc|sau|[a-d1-4])"
    r"|nhu tren) "
    r"|^ (?:moi|cac) (?:dap an|y|cau) (?:.* )?(?:dung|sai) $"
)
_ALONE = {"ca hai", "tat ca", "ca ba", "ca bon"}
_NUMBERED = re.compile(r"(?:\d+|[A-Da-d])[.):]\s|[Bb]ước \d")


def parse_quiz(sheet: Sheet, tree: Tree) -> Quiz:
    """The quiz as far as it can be read; everything wrong with it joins the sheet's problems."""
    form = Form(sheet, tree, "bài kiểm tra")
    lesson = form.slug("lesson")
    questions = tuple(_question(one) for one in form.forms("questions", 4, 6, "câu hỏi"))
    form.close()
    _check_whole(sheet, form.line_of("questions"), questions)
    return Quiz(lesson=lesson, questions=questions)


def _question(form: Form) -> Question:
    question_id = form.slug("id")
    form.sheet.names.append((question_id, form.line_of("id")))
    build = form.choice("kind", _KINDS, otherwise=_unknown)
    edition = form.number("edition", 2, 99) if form.has("edition") else None
    question = build(form, question_id, form.facts())
    if build is not _unknown:
        form.close()
        _check_said(form, question)
    return question if edition is None else replace(question, edition=edition)


def _check_said(form: Form, question: Question) -> None:
    said = longest_said(question)
    if said > MOST_SAID:
        form.sheet.add(
            form.line,
            f"lời giải thích khi trả lời dài tới {said} chữ, nhiều nhất {MOST_SAID}",
            f"bớt {said - MOST_SAID} ở các lời giải thích và lựa chọn của câu này",
        )


def _unknown(form: Form, question_id: str, facts: tuple[str, ...]) -> SingleChoice:
    """Of no known kind: nothing more can be said about it."""
    del form
    return SingleChoice(id=question_id, facts=facts, ask="", options=())


def _single(form: Form, question_id: str, facts: tuple[str, ...]) -> SingleChoice:
    ask = form.prose("ask", 250, facts=facts)
    options = _options(form, "options", 2, 4, 180, facts)
    _check_right(form, options, exactly_one=True)
    return SingleChoice(id=question_id, facts=facts, ask=ask, options=options)


def _several(form: Form, question_id: str, facts: tuple[str, ...]) -> SeveralChoice:
    ask = form.prose("ask", 250, facts=facts)
    options = _options(form, "options", 3, 5, 180, facts)
    _check_right(form, options, exactly_one=False)
    return SeveralChoice(id=question_id, facts=facts, ask=ask, options=options)


def _true_false(form: Form, question_id: str, facts: tuple[str, ...]) -> TrueFalse:
    is_true = form.choice("answer", {"right": True, "wrong": False})
    return TrueFalse(
        id=question_id,
        facts=facts,
        ask=form.prose("ask", 250, claimed=is_true, facts=facts),
        is_true=is_true,
        why=form.prose("why", 180, facts=facts),
        tempting=form.prose("tempting", 180, claimed=False, facts=facts),
    )


def _order(form: Form, question_id: str, facts: tuple[str, ...]) -> PutInOrder:
    steps = form.proses("steps", 3, 4, 60, facts=facts)
    line = form.line_of("steps")
    _check_different(form, line, [(fold(step), step) for step in steps])
    for step in steps:
        if _NUMBERED.match(step):
            form.sheet.add(
                line, f"bước «{step}» có ghi số thứ tự", "bỏ số: các bước được xáo trộn khi hỏi"
            )
    return PutInOrder(
        id=question_id,
        facts=facts,
        ask=form.prose("ask", 250, facts=facts),
        steps=steps,
        why=form.prose("why", 180, facts=facts),
        tempting=form.prose("tempting", 180, claimed=False, facts=facts),
    )


def _real_or_scam(form: Form, question_id: str, facts: tuple[str, ...]) -> RealOrScam:
    scene = form.prose("scene", 350, claimed=False, facts=facts)
    if scene and "“" not in scene:
        form.sheet.add(
            form.line_of("scene"),
            "cảnh chưa có lời hay chữ mà người học gặp",
            "chép nguyên lời đó trong ngoặc kép “ ”",
        )
    reasons = _options(form, "reasons", 3, 3, 160, facts)
    _check_right(form, reasons, exactly_one=True)
    return RealOrScam(
        id=question_id,
        facts=facts,
        scene=scene,
        is_scam=form.choice("answer", {"scam": True, "real": False}),
        why=form.prose("why", 200, facts=facts),
        tempting=form.prose("tempting", 180, claimed=False, facts=facts),
        first_move=form.prose("first_move", 160, facts=facts),
        reasons=reasons,
    )


_KINDS: dict[str, Callable[[Form, str, tuple[str, ...]], Question]] = {
    "single": _single,
    "several": _several,
    "true_false": _true_false,
    "order": _order,
    "real_or_scam": _real_or_scam,
}


def _options(
    form: Form, key: str, least: int, most: int, longest_why: int, facts: tuple[str, ...]
) -> tuple[Option, ...]:
    options = []
    texts: list[tuple[str, str]] = []
    for one in form.forms(key, least, most, "lựa chọn"):
        is_right = one.flag("right")
        text = one.prose("text", 90, claimed=is_right, facts=facts)
        why = one.prose("why", longest_why, claimed=is_right, facts=facts)
        folded = fold(text)
        if folded in _ALONE or _LEANS_ON_ORDER.search(f" {folded} "):
            one.sheet.add(
                one.line_of("text"),
                f"lựa chọn «{text}» dựa vào lựa chọn khác hoặc thứ tự",
                "viết thành một việc riêng: các lựa chọn được xáo trộn khi hỏi",
            )
        one.close()
        options.append(Option(text, why, is_right))
        texts.append((folded, text))
    _check_different(form, form.line_of(key), texts)
    return tuple(options)


def _check_different(form: Form, line: int, texts: Iterable[tuple[str, str]]) -> None:
    """Answers typed without marks must still tell the options apart: each text comes folded,
    and as it was written.
    """
    seen: dict[str, str] = {}
    for folded, text in texts:
        same = seen.setdefault(folded, text)
        if text and same is not text:
            form.sheet.add(
                line,
                f"«{same}» và «{text}» giống nhau khi gõ không dấu",
                "đổi chữ một bên cho khác hẳn",
            )


def _check_right(form: Form, options: tuple[Option, ...], *, exactly_one: bool) -> None:
    right = sum(option.is_right for option in options)
    if not options or (right == 1 if exactly_one else 2 <= right < len(options)):
        return
    form.sheet.add(
        form.line,
        f"câu này có {right} lựa chọn đúng",
        'ghi right: "yes" ở đúng một lựa chọn'
        if exactly_one
        else "cần ít nhất hai lựa chọn đúng và ít nhất một lựa chọn sai",
    )


def _check_whole(sheet: Sheet, line: int, questions: tuple[Question, ...]) -> None:
    if len(questions) > 1 and len({question.kind for question in questions}) == 1:
        sheet.add(line, "mọi câu hỏi cùng một kiểu", "đổi ít nhất một câu sang kiểu khác")
    choices = [
        question.reasons if isinstance(question, RealOrScam) else question.options
        for question in questions
        if isinstance(question, SingleChoice | RealOrScam)
    ]
    if len(choices) >= 3 and all(_right_is_longest(options) for options in choices):
        sheet.add(
            line,
            "câu nào lựa chọn đúng cũng là câu dài nhất",
            "viết ngắn lại một lựa chọn đúng: đoán theo độ dài là trúng hết",
        )


def _right_is_longest(options: tuple[Option, ...]) -> bool:
    right = max((longest(option.text) for option in options if option.is_right), default=0)
    return all(longest(option.text) < right for option in options if not option.is_right)
