"""What every test may use: real content, real databases, and no network but loopback."""

from pathlib import Path

import pytest

from lessons.catalogue import Catalogue, load

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the tutor says now into tests/golden, to be read before it is kept",
    )


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The content that learners get."""
    return load(ROOT)
