"""Every setting is documented with its variable and its true default, and is in config.toml."""

import tomllib
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from settings import ROOT, Settings
from tests.docs.papers import table


def defaults() -> dict[str, Any]:
    found = {}
    for section, field in Settings.model_fields.items():
        assert isinstance(field.default, BaseModel)
        for key, value in dict(field.default).items():
            plain = value.get_secret_value() if isinstance(value, SecretStr) else value
            found[f"{section}.{key}"] = plain
    return found


DEFAULTS = defaults()


def shown(value: Any) -> str:
    if value == "":
        return "*(empty)*"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


@pytest.mark.parametrize("setting", DEFAULTS)
def test_a_setting_is_documented_with_its_variable_and_default(setting: str) -> None:
    variable, default, meaning = table("docs/settings.md")[setting]

    assert variable == f"`HOCSO_{setting.upper().replace('.', '__')}`"
    assert default == shown(DEFAULTS[setting])
    assert meaning


def test_no_setting_is_documented_that_is_not_there() -> None:
    assert set(table("docs/settings.md")) - {"Setting", "---"} - set(DEFAULTS) == set()


def test_the_shipped_file_holds_every_setting_with_its_default() -> None:
    shipped = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))

    assert {f"{s}.{k}": v for s, keys in shipped.items() for k, v in keys.items()} == DEFAULTS


def test_every_secret_is_marked_as_one() -> None:
    secrets = {
        f"{section}.{key}"
        for section, field in Settings.model_fields.items()
        for key, value in dict(field.default).items()
        if isinstance(value, SecretStr)
    }
    rows = table("docs/settings.md")
    marked = {setting for setting in DEFAULTS if "**Secret**" in rows[setting][2]}

    # The address of a database is a secret only when it holds a password.
    assert marked == secrets - {"database.url"}
