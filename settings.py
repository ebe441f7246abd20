"""Every setting: ``config.toml``, overridden by ``HOCSO_<SECTION>__<KEY>`` in the environment."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
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


class Telegram(_Section):
    token: SecretStr = SecretStr("")
    api_url: str = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    webhook_secret: SecretStr = SecretStr("")


class Quiz(_Section):
    pass_ratio: Ratio = 0.7


class Support(_Section):
    place: str = ""
    phone: str = ""


class Outbox(_Section):
    senders: Annotated[int, Field(ge=1, le=256)] = 32
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
    quiz: Quiz = Quiz()
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
    try:
        return Settings()
    except ValidationError as broken:
        lines = [_one_line(str(".".join(map(str, e["loc"]))), e["msg"]) for e in broken.errors()]
        raise SettingsBroken("\n".join(lines)) from None
    except ValueError as broken:  # config.toml is not TOML, or a JSON value in the environment
        raise SettingsBroken(f"config.toml: không đọc được ({broken}).") from None


def _one_line(setting: str, problem: str) -> str:
    variable = "HOCSO_" + setting.upper().replace(".", "__")
    return f"Cấu hình «{setting}» chưa đúng: {problem}. Sửa trong config.toml hoặc biến {variable}."
