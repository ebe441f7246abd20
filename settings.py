"""Every setting: ``config.toml``, overridden by ``HOCSO_<SECTION>__<KEY>`` in the environment."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
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


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Database(_Section):
    url: SecretStr = SecretStr("sqlite:///hocso.db")


class Web(_Section):
    enabled: bool = True
    host: str = "127.0.0.1"
    port: Port = 8080
    public_url: str = ""
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


class Support(_Section):
    place: str = ""
    phone: str = ""


class Outbox(_Section):
    senders: Annotated[int, Field(ge=1, le=256)] = 64
    give_up_after_hours: Annotated[int, Field(ge=1, le=240)] = 24


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
    support: Support = Support()
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
