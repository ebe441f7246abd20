"""How things are said: the language rules together, over one file."""

from collections.abc import Iterator

from authoring.addresses import check_addresses, may_hold_addresses
from authoring.claims import check_claims
from authoring.form import Sheet
from authoring.problems import Problem
from authoring.pronouns import check_pronouns
from authoring.quotes import outside_quotes
from authoring.writing import (
    check_placeholders,
    check_quotes,
    check_writing,
    may_be_ill_written,
)


def check_language(sheet: Sheet) -> Iterator[Problem]:
    # One look at the whole file is quicker than fifty at its sentences.
    whole = "\n".join(written.text for written in sheet.written)
    ill_written, addressed = may_be_ill_written(whole), may_hold_addresses(whole)
    for written in sheet.written:
        text = written.text
        own = outside_quotes(text)
        remarks = [*check_pronouns(own)]
        if ill_written and may_be_ill_written(text):
            remarks.extend(check_writing(text, own))
        if "“" in text or "”" in text:
            remarks.extend(check_quotes(text))
        if "{" in text or "}" in text:
            remarks.extend(check_placeholders(text, filled=written.filled))
        if addressed:
            remarks.extend(check_addresses(text))
        if written.claimed:
            remarks.extend(check_claims(own))
        for place, message, advice in remarks:
            yield Problem(sheet.path, written.at.line_at(place), message, advice)
