import pytest

from tests.support.zalo_oa_running import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()
