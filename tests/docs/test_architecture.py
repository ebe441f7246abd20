"""The papers on the house name every room, table, type, job and channel there is."""

import re
import tomllib

import pytest

from channels import base
from commands.channels import table as channel_table
from conversation import events, replies
from handlers.registry import HANDLERS
from storage.privacy import NOT_PERSONAL, PERSONAL
from tests.docs.papers import ROOT, read, table

HOUSE = read("docs/architecture.md")
ROOMS = sorted(
    path.parent.name
    for path in ROOT.glob("*/__init__.py")
    if path.parent.name not in ("tests", "benchmarks")
)
CHANNELS = sorted(path.parent.name for path in (ROOT / "channels").glob("*/__init__.py"))


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_described(room: str) -> None:
    assert f"`{room}/`" in HOUSE
    assert f"\n{room}/ " in read("README.md")


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("paper", ["docs/architecture.md", "channels/README.md"])
def test_every_channel_is_described(channel: str, paper: str) -> None:
    assert f"channels/{channel}" in read(paper)


@pytest.mark.parametrize(
    "name",
    [
        *(kind.__name__ for kind in events.Event.__args__),
        *(kind.__name__ for kind in replies.Reply.__args__),
        *(error.__name__ for error in base.SendError.__subclasses__()),
    ],
)
def test_every_event_reply_and_error_is_named(name: str) -> None:
    assert f"`{name}" in HOUSE


@pytest.mark.parametrize("error", [error.__name__ for error in base.SendError.__subclasses__()])
def test_every_error_is_explained_to_who_adds_a_channel(error: str) -> None:
    assert any(row.startswith(error) for row in table("channels/README.md"))


@pytest.mark.parametrize("field", base.Capabilities.__dataclass_fields__)
def test_every_capability_is_explained_to_who_adds_a_channel(field: str) -> None:
    assert any(
        f"{field}" in row.replace("`", "").split(", ") for row in table("channels/README.md")
    )


def test_the_table_of_channels_is_what_they_declare() -> None:
    assert f"\n\n{channel_table()}\n\n" in read("channels/README.md")


@pytest.mark.parametrize("handler", [handler.name for handler in HANDLERS])
def test_every_handler_is_named(handler: str) -> None:
    assert f"`{handler}`" in HOUSE


def test_every_table_is_in_the_house_and_in_the_paper_on_privacy() -> None:
    tables = {*PERSONAL, *NOT_PERSONAL}
    named_in_house = {
        name
        for row in re.findall(r"^\| (`[a-z_`, ]+`) \| `storage/", HOUSE, re.MULTILINE)
        for name in re.findall(r"[a-z_]+", row)
    }
    private = table("docs/privacy.md")

    assert named_in_house == tables - {"alembic_version"}
    assert {name: private[name][1] for name in tables if name in private} == {
        **dict.fromkeys(PERSONAL, "có"),
        **dict.fromkeys(NOT_PERSONAL, "không"),
    }


def test_the_order_of_imports_is_the_one_that_is_enforced() -> None:
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")

    assert f"```text\n{chr(10).join(layers)}\n```" in HOUSE


def test_every_part_of_the_outbox_is_named() -> None:
    parts = {path.name for path in (ROOT / "outbox").glob("*.py")} - {"__init__.py"}

    assert {part for part in parts if f"`{part}`" not in HOUSE} == set()
