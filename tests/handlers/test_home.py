"""A household in the chat: what the golden conversation does not show."""

from tests.support.people import text
from tests.support.talk import Talk


async def test_a_household_and_who_makes_it_need_no_name(talk: Talk) -> None:
    await talk.line("/giadinh")
    await talk.line("1")
    await talk.line("khong can ten")
    page = text(await talk.line("1"))

    assert page.startswith("🏠 <b>Gia đình số</b>")
    assert "Một người chưa để tên" in page
