"""A setting that cannot be used is named, with what would do, and its value is never shown."""

import pytest

import settings
from settings import SettingsBroken

SECRET = "geheim-4711"


@pytest.mark.parametrize(
    ("variable", "value", "setting", "why"),
    [
        ("WEB__PORT", "99999", "web.port", "phải từ 65535 trở xuống"),
        ("WEB__PORT", "0", "web.port", "phải từ 1 trở lên"),
        ("WEB__PORT", SECRET, "web.port", "phải là một số nguyên"),
        ("WEB__ENABLED", SECRET, "web.enabled", "phải là true hoặc false"),
        ("QUIZ__PASS_RATIO", "0", "quiz.pass_ratio", "phải lớn hơn 0"),
        ("QUIZ__PASS_RATIO", SECRET, "quiz.pass_ratio", "phải là một số"),
        ("TELEGRAM__MODE", SECRET, "telegram.mode", "phải là 'polling' hoặc 'webhook'"),
        (
            "ADMIN__ADDRESSES",
            SECRET,
            "admin.addresses",
            "mỗi nơi viết kênh, hai chấm, mã khung chat, như telegram:123456789; cách nhau dấu phẩy",
        ),
        *(
            (
                "WEB__PUBLIC_URL",
                url,
                "web.public_url",
                "phải là một địa chỉ, ví dụ https://hoc.example.vn",
            )
            for url in ("http://[", "https://", "hoc.example.vn", "http://a:b", "ftp://a.vn")
        ),
        ("TELEGRAM__TOKKEN", SECRET, "telegram.tokken", "không có mục nào tên này"),
        ("REMINDER__HOUR", "25:00", "reminder.hour", "phải là giờ và phút, ví dụ 19:30"),
        ("QUIET__BEGINS", SECRET, "quiet.begins", "phải là giờ và phút, ví dụ 19:30"),
        ("QUIET__ENDS", "20:30", "quiet.ends", "phải sớm hơn quiet.begins ít nhất một tiếng"),
        ("QUIET__ZONE", SECRET, "quiet.zone", "phải là tên múi giờ, ví dụ Asia/Ho_Chi_Minh"),
        (
            "QUIET__LUNAR_DAYS",
            "1/1, 40/1",
            "quiet.lunar_days",
            "phải là ngày/tháng cách nhau bằng dấu phẩy, ví dụ 1/1, 2/9",
        ),
        ("TELGRAM__TOKEN", SECRET, "telgram.token", "không có mục nào tên này"),
    ],
)
def test_a_bad_setting_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, setting: str, why: str
) -> None:
    monkeypatch.setenv(f"HOCSO_{variable}", value)
    with pytest.raises(SettingsBroken) as broken:
        settings.load()

    assert str(broken.value) == (
        f"Cấu hình «{setting}» chưa đúng: {why}. Sửa trong config.toml hoặc biến HOCSO_{variable}."
    )


def test_days_and_hours_are_read() -> None:
    assert settings.days_of_year(" 1/1,2/1 , 10/3 ") == {(1, 1), (2, 1), (10, 3)}
    assert settings.days_of_year("") == frozenset()
    assert (settings.minute_of("07:00"), settings.minute_of("7:05")) == (420, 425)


def test_every_bad_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOCSO_WEB__PORT", "x")
    monkeypatch.setenv("HOCSO_LOGG__LEVEL", "INFO")
    monkeypatch.setenv("HOCSO_QUIZ__PASS_RATIO", "2")
    with pytest.raises(SettingsBroken) as broken:
        settings.load()

    assert [line.split("»")[0] for line in str(broken.value).splitlines()] == [
        "Cấu hình «logg.level",
        "Cấu hình «web.port",
        "Cấu hình «quiz.pass_ratio",
    ]


def test_a_section_given_as_one_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOCSO_TELEGRAM", SECRET)
    with pytest.raises(SettingsBroken) as broken:
        settings.load()

    assert str(broken.value) == (
        "Biến HOCSO_TELEGRAM chưa đúng: mỗi mục cần tên đầy đủ, ví dụ HOCSO_WEB__PORT."
    )


def test_administrators_are_named_by_channel_and_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOCSO_ADMIN__ADDRESSES", " telegram:12 , web:a-b:c,")

    assert settings.load().admin.pairs == {("telegram", "12"), ("web", "a-b:c")}


def test_nobody_is_an_administrator_by_default() -> None:
    assert settings.Settings().admin.pairs == frozenset()
