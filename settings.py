"""Every setting: ``config.toml``, overridden by ``HOCSO_<SECTION>__<KEY>`` in the environment."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

ROOT = Path(__file__).resolve().parent
Ratio = Annotated[float, Field(gt=0, le=1)]
Port = Annotated[int, Field(ge=1, le=65535)]


def minute_of(clock: str) -> int:
    """Minutes after midnight of an hour such as "19:30". ``ValueError`` when it is none."""
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", clock)
    if found is None:
        raise ValueError("phải là giờ và phút, ví dụ 19:30")
    return int(found[1]) * 60 + int(found[2])


def days_of_year(days: str) -> frozenset[tuple[int, int]]:
    """The days and months of "1/1, 2/9". ``ValueError`` when there is another thing."""
    listed = [part.strip() for part in days.split(",") if part.strip()]
    found = [re.fullmatch(r"(\d{1,2})/(\d{1,2})", part) for part in listed]
    pairs = frozenset((int(one[1]), int(one[2])) for one in found if one is not None)
    if None in found or any(not (1 <= day <= 31 and 1 <= month <= 12) for day, month in pairs):
        raise ValueError("phải là ngày/tháng cách nhau bằng dấu phẩy, ví dụ 1/1, 2/9")
    return pairs


def _an_address(url: str) -> str:
    wrong = "phải là một địa chỉ, ví dụ https://hoc.example.vn"
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - it is the reading that fails
    except ValueError:
        raise ValueError(wrong) from None
    if url and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError(wrong)
    return url


def _an_hour(clock: str) -> str:
    minute_of(clock)
    return clock


def _some_days(days: str) -> str:
    days_of_year(days)
    return days


def _a_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("phải là tên múi giờ, ví dụ Asia/Ho_Chi_Minh") from None
    return name


Clock = Annotated[str, AfterValidator(_an_hour)]
Days = Annotated[str, AfterValidator(_some_days)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Database(_Section):
    url: SecretStr = SecretStr("sqlite:///hocso.db")


class Web(_Section):
    enabled: bool = True
    host: str = "127.0.0.1"
    port: Port = 8080
    public_url: Annotated[str, AfterValidator(_an_address)] = ""
    behind_proxy: bool = False
    new_addresses_per_hour: Annotated[int, Field(ge=1, le=1_000_000)] = 1000


class Telegram(_Section):
    token: SecretStr = SecretStr("")
    api_url: str = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    webhook_secret: SecretStr = SecretStr("")
    sends_per_second: Annotated[float, Field(ge=0, le=1000)] = 29.7


class ZaloBot(_Section):
    token: SecretStr = SecretStr("")
    api_url: str = "https://bot-api.zaloplatforms.com"
    mode: Literal["polling", "webhook"] = "polling"
    webhook_secret: SecretStr = SecretStr("")
    chat_link: str = ""
    sends_per_second: Annotated[float, Field(ge=0, le=1000)] = 4.0
    # What Zalo gave a bot for nothing in 2026; see docs/zalo.md.
    lines_a_month: Annotated[int, Field(ge=1, le=100_000_000)] = 3000
    people: Annotated[int, Field(ge=1, le=10_000_000)] = 50


class ZaloOa(_Section):
    app_id: str = ""
    app_secret: SecretStr = SecretStr("")
    secret_key: SecretStr = SecretStr("")
    oa_id: str = ""
    refresh_token: SecretStr = SecretStr("")
    api_url: str = "https://openapi.zalo.me"
    oauth_url: str = "https://oauth.zaloapp.com"
    query_buttons: bool = False
    paid_reminders: bool = False
    lines_a_minute: Annotated[int, Field(ge=1, le=100_000)] = 4000
    quiet_hours_after_person: Annotated[int, Field(ge=0, le=168)] = 12


class Quiz(_Section):
    pass_ratio: Ratio = 0.7


class Review(_Section):
    # Four months is how long training against scams holds: a team may refresh sooner, not later.
    retention: Annotated[float, Field(ge=0.7, le=0.97)] = 0.9
    maximum_interval_days: Annotated[int, Field(ge=1, le=730)] = 180
    questions_a_day: Annotated[int, Field(ge=1, le=10)] = 3
    safety_interval_days: Annotated[int, Field(ge=1, le=120)] = 120


class Reminder(_Section):
    hour: Clock = "19:30"
    sessions_a_week: Annotated[int, Field(ge=1, le=7)] = 3


class Quiet(_Section):
    """When nothing is sent that nobody asked for."""

    begins: Clock = "21:00"
    ends: Clock = "07:00"
    zone: Annotated[str, AfterValidator(_a_zone)] = "Asia/Ho_Chi_Minh"
    lunar_days: Days = "1/1, 2/1, 3/1"
    solar_days: Days = ""
    lines_a_day: Annotated[int, Field(ge=1, le=10)] = 3

    @field_validator("ends")
    @classmethod
    def _some_of_the_day_is_left(cls, ends: str, values: ValidationInfo) -> str:
        # An hour at least, or no reminder could ever be sent.
        if minute_of(ends) + 60 > minute_of(values.data.get("begins", "23:59")):
            raise ValueError("phải sớm hơn quiet.begins ít nhất một tiếng")
        return ends


class Support(_Section):
    place: str = ""
    phone: str = ""
    next_after_hours: Annotated[int, Field(ge=1, le=240)] = 24
    met_days: Annotated[int, Field(ge=1, le=30)] = 2
    wrong_times: Annotated[int, Field(ge=2, le=20)] = 3
    stalled_days: Annotated[int, Field(ge=7, le=90)] = 14
    note_days: Annotated[int, Field(ge=1, le=90)] = 7


class Admin(_Section):
    addresses: str = ""

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """(channel, the channel's own name of the chat) of each administrator."""
        named = (one.strip().partition(":") for one in self.addresses.split(",") if one.strip())
        return frozenset((channel.strip(), chat.strip()) for channel, _, chat in named)

    @field_validator("addresses")
    @classmethod
    def _two_parts_each(cls, value: str) -> str:
        for one in value.split(","):
            channel, colon, chat = one.strip().partition(":")
            if one.strip() and not (channel.strip() and colon and chat.strip()):
                raise PydanticCustomError("address", "telegram:123456789")
        return value


class Places(_Section):
    file: str = ""


class People(_Section):
    invitation_hours: Annotated[int, Field(ge=1, le=720)] = 72
    role_days: Annotated[int, Field(ge=0, le=3650)] = 0
    code_days: Annotated[int, Field(ge=1, le=730)] = 180


class Broadcast(_Section):
    rate: Annotated[float, Field(ge=1, le=1000)] = 20.0
    piece: Annotated[int, Field(ge=1, le=500)] = 25
    approve_above: Annotated[int, Field(ge=0, le=1_000_000)] = 200
    approval_hours: Annotated[int, Field(ge=1, le=168)] = 24
    open_hours: Annotated[int, Field(ge=1, le=168)] = 48


class Household(_Section):
    """Which courses are the basics, "" for all; and the share of a household that must know them."""

    basics: str = ""
    share: Annotated[float, Field(ge=0, le=1)] = 0.0

    @property
    def courses(self) -> frozenset[str]:
        return frozenset(one.strip() for one in self.basics.split(",") if one.strip())


class Assisting(_Section):
    open_hours: Annotated[int, Field(ge=1, le=12)] = 3


class Board(_Section):
    link_minutes: Annotated[int, Field(ge=1, le=60)] = 10
    idle_minutes: Annotated[int, Field(ge=5, le=720)] = 60
    longest_hours: Annotated[int, Field(ge=1, le=24)] = 12


class Outbox(_Section):
    senders: Annotated[int, Field(ge=1, le=256)] = 64
    give_up_after_hours: Annotated[int, Field(ge=1, le=240)] = 24


class Live(_Section):
    bars_from: Annotated[int, Field(ge=1, le=100)] = 5
    host_hours: Annotated[int, Field(ge=1, le=24)] = 6


class Privacy(_Section):
    forget_strangers_after_days: Annotated[int, Field(ge=1, le=365)] = 30


class Log(_Section):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class Settings(BaseSettings):
    """All of it, checked at once. ``docs/settings.md`` says what each one is for."""

    model_config = SettingsConfigDict(
        env_prefix="HOCSO_",
        env_nested_delimiter="__",
        toml_file=ROOT / "config.toml",
        extra="forbid",
        frozen=True,
    )

    database: Database = Database()
    web: Web = Web()
    telegram: Telegram = Telegram()
    zalo_bot: ZaloBot = ZaloBot()
    zalo_oa: ZaloOa = ZaloOa()
    quiz: Quiz = Quiz()
    review: Review = Review()
    reminder: Reminder = Reminder()
    quiet: Quiet = Quiet()
    support: Support = Support()
    admin: Admin = Admin()
    places: Places = Places()
    people: People = People()
    live: Live = Live()
    broadcast: Broadcast = Broadcast()
    household: Household = Household()
    assisting: Assisting = Assisting()
    board: Board = Board()
    outbox: Outbox = Outbox()
    privacy: Privacy = Privacy()
    log: Log = Log()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment beats the file, so that one image serves every commune."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


class SettingsBroken(Exception):
    """The configuration cannot be used; its text names every bad setting, one a line."""


def load() -> Settings:
    """The settings in force. Raises ``SettingsBroken``, never showing a value: it may be a secret."""
    unknown = _unknown()
    try:
        loaded = Settings()
    except ValidationError as broken:
        unknown += [_one_line(".".join(map(str, e["loc"])), why(e)) for e in broken.errors()]
    except SettingsError:  # HOCSO_WEB=…, where a whole section would have to be JSON
        unknown += [_NO_SECTION.format(name) for name in _sections_in(os.environ)]
    except ValueError as broken:  # config.toml is not TOML
        raise SettingsBroken(f"config.toml: không đọc được ({broken}).") from None
    if unknown:
        raise SettingsBroken("\n".join(unknown))
    return loaded


_NO_SECTION = "Biến {} chưa đúng: mỗi mục cần tên đầy đủ, ví dụ HOCSO_WEB__PORT."
# pydantic's kinds of error, as a person may read them.
_WHY = {
    "extra_forbidden": "không có mục nào tên này",
    "greater_than": "phải lớn hơn {gt}",
    "greater_than_equal": "phải từ {ge} trở lên",
    "less_than_equal": "phải từ {le} trở xuống",
    "literal_error": "phải là {expected}",
    "int_parsing": "phải là một số nguyên",
    "int_from_float": "phải là một số nguyên",
    "float_parsing": "phải là một số",
    "bool_parsing": "phải là true hoặc false",
    "value_error": "{error}",  # our own words
    "address": "mỗi nơi viết kênh, hai chấm, mã khung chat, như telegram:123456789; cách nhau dấu phẩy",
}


def why(error: ErrorDetails) -> str:
    """What is wrong, never showing the value."""
    said = _WHY.get(error["type"], "giá trị không dùng được ({})".format(error["type"]))
    context = {name: f"{value}" for name, value in error.get("ctx", {}).items()}
    if "expected" in context:
        context["expected"] = context["expected"].replace(" or ", " hoặc ")
    else:
        context = {name: value.removesuffix(".0") for name, value in context.items()}
    return said.format(**context)


def _unknown() -> list[str]:
    """A line for each variable of a section that is not there; pydantic passes over them."""
    names = (name.removeprefix("HOCSO_").lower() for name in os.environ if "__" in name)
    ours = (name for name in names if f"HOCSO_{name.upper()}" in os.environ)
    return [
        _one_line(name.replace("__", "."), _WHY["extra_forbidden"])
        for name in ours
        if name.partition("__")[0] not in Settings.model_fields
    ]


def _sections_in(environment: Iterable[str]) -> list[str]:
    return [name for name in environment if name.lower() in _SECTIONS]


def _one_line(setting: str, problem: str) -> str:
    variable = "HOCSO_" + setting.upper().replace(".", "__")
    return f"Cấu hình «{setting}» chưa đúng: {problem}. Sửa trong config.toml hoặc biến {variable}."


_SECTIONS = frozenset(f"hocso_{name}" for name in Settings.model_fields)
