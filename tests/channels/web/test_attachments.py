import pytest
from markupsafe import Markup

from conversation.replies import GiveDocument, GiveFile, Reply, Say, ShowPicture
from tests.support.web_page import Page, Site

PICTURE = ShowPicture("path", {"done": 3}, "Đã học 3 bài", Markup("Của cô đây"))
SHEET = GiveDocument("sheet", {"n": 1}, "lop-K7M2XD.pdf", "Tờ mời vào lớp", Markup("Tờ A4"))
FILE = GiveFile("dữ liệu.json", '{"a": "ạ"}', Markup("Của cô đây"))


async def _get(page: Page, path: str) -> tuple[int, str, bytes]:
    async with page.session.get(path) as answer:
        return answer.status, answer.headers["Content-Type"], await answer.read()


async def test_a_picture_is_drawn_for_its_owner(site: Site, page: Page, address: str) -> None:
    sent = await site.channel.send(address, [PICTURE], delivery=1)
    got = await _get(page, f"/picture/{sent.external_id}")
    assert got == (200, "image/png", b"PNG path {'done': 3}")


async def test_a_file_is_given_to_its_owner_to_keep_and_not_to_run(
    site: Site, page: Page, address: str
) -> None:
    sent = await site.channel.send(address, [FILE], delivery=1)
    async with page.session.get(f"/file/{sent.external_id}") as answer:
        assert await answer.text() == FILE.content
        headers = {
            name: answer.headers[name]
            for name in (
                "Content-Type",
                "Content-Disposition",
                "Cache-Control",
                "X-Content-Type-Options",
            )
        }
    assert headers == {
        "Content-Type": "application/json; charset=utf-8",
        "Content-Disposition": "attachment; filename*=UTF-8''d%E1%BB%AF%20li%E1%BB%87u.json",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }


async def test_a_document_is_drawn_for_its_owner_to_keep(
    site: Site, page: Page, address: str
) -> None:
    sent = await site.channel.send(address, [SHEET], delivery=1)
    async with page.session.get(f"/file/{sent.external_id}") as answer:
        got = await answer.read()
        kind, disposition = answer.content_type, answer.headers["Content-Disposition"]

    assert (got, kind) == (b"PNG sheet {'n': 1}", "application/pdf")
    assert disposition == "attachment; filename*=UTF-8''lop-K7M2XD.pdf"


async def test_a_page_named_as_a_file_is_given_as_plain_text(
    site: Site, page: Page, address: str
) -> None:
    reply = GiveFile("x.html", "<script>alert(1)</script>", Markup("x"))
    sent = await site.channel.send(address, [reply], delivery=1)
    got = await _get(page, f"/file/{sent.external_id}")
    assert got[:2] == (200, "text/plain; charset=utf-8")


@pytest.mark.parametrize("reply", [PICTURE, FILE, SHEET])
async def test_nobody_else_gets_it(site: Site, page: Page, address: str, reply: Reply) -> None:
    sent = await site.channel.send(address, [reply], delivery=1)
    async with site.page() as other:
        assert [
            (await _get(other, f"/{kind}/{sent.external_id}"))[0] for kind in ("picture", "file")
        ] == [401, 401]
        await other.open()
        assert [
            (await _get(other, f"/{kind}/{sent.external_id}"))[0] for kind in ("picture", "file")
        ] == [404, 404]


@pytest.mark.parametrize(
    "path", ["/picture/{}", "/file/{}", "/picture/999", "/picture/x", "/file/-1"]
)
async def test_what_is_no_picture_and_no_file_is_not_found(
    site: Site, page: Page, address: str, path: str
) -> None:
    sent = await site.channel.send(address, [Say(Markup("Chào"))], delivery=1)
    assert (await _get(page, path.format(sent.external_id)))[0] == 404


async def test_what_the_learner_typed_is_no_file(page: Page) -> None:
    await page.say("hai")
    assert (await _get(page, "/file/1"))[0] == 404
