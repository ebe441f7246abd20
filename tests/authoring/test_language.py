"""The rules about words, each held against sentences both ways."""

import unicodedata

import pytest

from authoring.addresses import check_addresses, may_hold_addresses
from authoring.claims import check_claims
from authoring.pronouns import check_pronouns
from authoring.quotes import outside_quotes
from authoring.writing import (
    check_placeholders,
    check_quotes,
    check_writing,
    may_be_ill_written,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bác bấm vào đây.", ["Bác"]),
        ("Rồi bạn đọc tên.", ["bạn"]),
        ("Cô chú xem nè.", ["Cô", "chú"]),
        ("Anh chị nhớ nha.", ["Anh", "chị"]),
        ("Con chỉ cho nè, cứ hỏi cháu.", ["Con", "cháu"]),
        ("Em xin phép nói thêm.", ["Em"]),
        ("Để mình chỉ cho nha.", ["mình"]),
        ("Mình sẽ nhắc lại.", ["mình"]),
        ("Tôi không hỏi mã.", ["Tôi"]),
        ("Tui nói vậy đó.", ["Tui"]),
        ("Hỏi ông, hỏi bà.", ["ông", "bà"]),
    ],
)
def test_a_pronoun_written_by_hand_is_found(text, words):
    assert [remark.message for remark in check_pronouns(outside_quotes(text))] == [
        f"viết tay chữ xưng hô «{word}»" for word in words
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{Ban} bấm vào đây, {minh} chờ.",
        "Con số đó gồm 6 con số.",
        "Con cháu, con cái, bà con, trẻ con, vợ con, con em trong nhà.",
        "Đừng kết bạn. Bạn bè, bạn hàng, người bạn cũ cũng vậy.",
        "Anh em, chị em, anh chị em, em bé, trẻ em.",
        "Ông bà, cha mẹ, ông ngoại, bà nội, đàn ông, đàn bà.",
        "Bác sĩ dặn. Chú ý: có ghi chú. Cô giáo tới, cô bác cũng tới.",
        "Cô Lan, chú Tư, dì Sáu, anh Hải, bà Bảy, chị Út, ông Năm, em Hoa.",
        "Tự mình đăng ký, ngân hàng mình, nhà mình, một mình, chính mình.",
        "Họ nói: “Bác đọc cho cháu nghe mã, em chặn giúp chị.”",
        "Tiếng Anh, nước Anh, anh hùng.",
        "Con dấu, con đường, con chip, con gà, con tôm, con nước.",
        "Bản đồ, bàn tay, ban ngày, ba con cá, Cần Thơ.",
        "Đứa cháu, cháu nội, các con số.",
    ],
)
def test_the_same_words_as_nouns_names_or_quotations_are_fine(text):
    assert list(check_pronouns(outside_quotes(text))) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Vào dichvucong.com.vn nha.", "địa chỉ «dichvucong.com.vn»"),
        ("Bấm https://abc.top/x", "địa chỉ «https://abc.top»"),
        ("Vào www.vietcombank.com.vn", "địa chỉ «www.vietcombank.com.vn»"),
        ("“Xem tại bit.ly/abc”", "địa chỉ «bit.ly»"),
        ("Vào t.me/abc", "địa chỉ «t.me»"),
        ("Vào Bao-Hiem.VN", "địa chỉ «Bao-Hiem.VN»"),
        ("Gửi a@b.vn", "có thư điện tử «a@b.vn»"),
        ("Gọi 0912345678.", "số điện thoại «0912345678»"),
        ("Gọi +84 912 345 678.", "số điện thoại «+84 912 345 678»"),
        ("Gọi 1800 8098.", "số điện thoại «1800 8098»"),
        ("Gọi ngay 118 đi.", "số điện thoại «118»"),
        ("Nhắn tới số 9029.", "số điện thoại «9029»"),
    ],
)
def test_a_link_or_a_number_not_on_the_list_is_found(text, found):
    first = next(iter(check_addresses(text)))
    assert first.message.startswith(found)
    assert may_hold_addresses(f"Trước đó.\n{text}\nSau đó.")


@pytest.mark.parametrize(
    "text",
    [
        "Tự gõ dichvucong.gov.vn, vneid.gov.vn hay binhdanhocvuso.gov.vn.",
        "Xem tinnhiemmang.vn/website-lua-dao.",
        "Nhớ cái đuôi “.gov.vn” nằm sau cùng.",
        "Tin ghi: “Vào dichvucong-vn[.]com ngay.”",
        "Tệp VNeID-moi.apk, đuôi .apk.",
        "Gọi 113, 114, 115, 111. Nhắn 156 hoặc 5656.",
        "Gọi 1900 0368, hoặc gọi 1900.0368.",
        "Trả 350.000đ, chuyển 2.000.000d, ngày 01.02.2026, lúc 17h30.",
        "“TK …1234: -350,000 VND”",
        "Gọi 3 lần, gửi 200.000 đồng, nhắn 500 ngàn.",
        "Mã OTP: ******.",
        "Ở TP.HCM, v.v.",
    ],
)
def test_official_addresses_money_and_dates_are_fine(text):
    assert list(check_addresses(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Vào cổng dịch vụ công của tỉnh mà nộp.",
        "Lập tài khoản dịch vụ công bằng số điện thoại.",
        "Ra công an huyện trình báo.",
        "Sáp nhập rồi thì phải đổi căn cước.",
        "Nên cập nhật địa chỉ trên VNeID.",
        "Cục An toàn thông tin khuyên vậy.",
        "Hộ kinh doanh đóng thuế khoán.",
        "Chuyển dưới 10 triệu thì không cần quét mặt.",
        "Ngân hàng gửi link thì bấm để xác thực.",
        "Tin nằm cùng luồng với ngân hàng là tin thật.",
        "Có ổ khóa là an toàn.",
        "Gọi video thấy mặt là thật.",
        "Nhận tiền lạ thì chuyển trả ngay.",
        "Quét mã để nhận tiền hoàn.",
        "Báo công an sớm sẽ lấy lại được tiền.",
        "Gọi lại số trong tin nhắn để hỏi.",
        "Ngân hàng sẽ gọi chỉ cách cài app.",
        "Lên mức 2 tại nhà qua app VNeID.",
        "Làm online luôn được giảm phí.",
        "Tới ngày đó nhà mạng khóa hết SIM.",
        "Bằng lái giấy cũ bắt buộc đổi.",
        "Chứng minh nhân dân cũ vẫn dùng tốt.",
        "Muốn mở ví phải ra quầy.",
        "Cho mượn tài khoản chỉ bị nhắc nhở.",
        "Ngân hàng không có cảnh báo là an toàn.",
        "Cài ứng dụng chống lừa đảo là yên tâm.",
        "Zalo bắt buộc gửi ảnh căn cước.",
        "Luật An ninh mạng có hiệu lực 1/1/2026.",
        "Telegram đã được mở lại.",
        "Làm giấy tờ phải mua chữ ký số.",
        "Bị lừa thì gọi 112.",
        "Xóa hết tin nhắn cho sạch.",
        "Cài e-Đồng Tháp để làm giấy tờ.",
    ],
)
def test_advice_that_must_never_be_given_is_found(text):
    assert [remark.message.split("» ")[-1] for remark in check_claims(outside_quotes(text))] == [
        "là lời khuyên sai hoặc đã cũ"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Cổng riêng của tỉnh đã đóng.",
        "Cấp huyện không còn, khỏi lên huyện.",
        "Sáp nhập không phải đổi giấy tờ.",
        "Ai bắt cập nhật địa chỉ thì {ban} cúp máy, đừng nghe.",
        "Tin giả có khi nằm chung một chỗ với tin thật.",
        "Gọi video thấy mặt cũng chưa chắc là thật.",
        "Đừng tự chuyển trả cho người gọi.",
        "Nhận tiền thì không cần quét mã hay nhập OTP.",
        "Họ bắt quét mã để nhận tiền.",
        "Báo sớm thì còn cơ hội, không ai dám hứa sẽ lấy lại được tiền.",
        "Đừng gọi lại số trong tin nhắn.",
        "Ai rủ lên mức 2 tại nhà qua điện thoại là lừa.",
        "Không có cảnh báo chưa chắc an toàn.",
        "Đừng xóa tin nhắn.",
        "Họ nói: “Quét mã để nhận tiền.”",
        "Ra công an xã, phường trình báo.",
    ],
)
def test_a_warning_against_bad_advice_is_fine(text):
    assert list(check_claims(outside_quotes(text))) == []


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("Bấm *vào đây* nha.", ["có ký hiệu trang trí «*vào đây*»"]),
        ("Bấm <b>đây</b>.", ["có ký hiệu trang trí «<b>»", "có ký hiệu trang trí «</b>»"]),
        ("Mã là ****** đó.", []),
        ("1 < 2, 3 > 2", []),
        ("Bấm “Xác nhận” đi.", []),
        ("Bấm “Xác nhận đi.", ["ngoặc “ chưa đóng"]),
        ("Bấm Xác nhận” đi.", ["ngoặc ” chưa mở"]),
        ("“Bấm “đây” đi”", ["ngoặc “ mở hai lần", "ngoặc ” chưa mở"]),
        ('Bấm "đây".', ["dùng ngoặc kép thẳng"]),
        ("Đừng bấm!!", ["nói như quát"]),
        ("Sai rồi. Đọc lại nha.", ["chê bằng chữ «Sai»"]),
        ("Giữ luôn là sai luật. Sai một số là mất.", []),
        ("một\thai", ["có ký tự ẩn hoặc dấu tab"]),
        ("một\u200bhai", ["có ký tự ẩn hoặc dấu tab"]),
        (unicodedata.normalize("NFD", "Đọc tên"), ["dấu tiếng Việt gõ theo kiểu tổ hợp"]),
    ],
)
def test_writing_is_plain_and_well_formed(text, messages):
    found = list(check_writing(text, outside_quotes(text)))
    assert [one.message for one in (*found, *check_quotes(text))] == messages
    # Nothing is passed over, wherever in a file it stands.
    assert may_be_ill_written(f"Trước đó.\n{text}\nSau đó.") or not found


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("{Ban} đọc. {Ban} bấm, {ban} chờ {minh}.", []),
        ("Xong:\n1. {Ban} đọc\n2. {Ban} bấm", []),
        ("Họ hỏi: “{Ban} đâu?” {Ban} cúp máy.", []),
        ("{ban} đọc.", ["{ban} đứng đầu câu"]),
        ("Đọc đi. {ban} bấm.", ["{ban} đứng đầu câu"]),
        ("Rồi {Ban} bấm.", ["{Ban} đứng giữa câu"]),
        ("Rồi, {Minh} chờ.", ["{Minh} đứng giữa câu"]),
        ("{bạn} đọc.", ["không có chỗ điền {bạn}"]),
        ("{ten} đọc.", ["không có chỗ điền {ten}"]),
        ("Ban} đọc {", ["dấu } lẻ", "dấu { lẻ"]),
    ],
)
def test_placeholders_are_known_and_stand_right(text, messages):
    assert [one.message for one in check_placeholders(text, filled=True)] == messages
