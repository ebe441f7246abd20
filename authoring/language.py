"""How things are said: the language rules together, over one file."""

from collections.abc import Iterator

from authoring.addresses import check_addresses
from authoring.claims import check_claims
from authoring.form import Sheet
from authoring.problems import Problem
from authoring.pronouns import check_pronouns
from authoring.quotes import outside_quotes
from authoring.writing import check_placeholders, check_writing


def check_language(sheet: Sheet) -> Iterator[Problem]:
    for written in sheet.written:
        own = outside_quotes(written.text)
        remarks = [
            *check_writing(written.text, own),
            *check_placeholders(written.text, filled=written.filled),
            *check_pronouns(own),
            *check_addresses(written.text),
        ]
        if written.claimed:
            remarks.extend(check_claims(own))
        for place, message, advice in remarks:
            yield Problem(sheet.path, written.at.line_at(place), message, advice)
