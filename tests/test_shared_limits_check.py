"""What `manage.py check` says about rate limits of several processes."""

import pytest

from rbacadmin.checks import check_limits
from rbacadmin.conf import Conf


@pytest.mark.parametrize(
    ("processes", "redis_url", "warns"), [(1, "", False), (4, "redis://cache:6379/0", False), (4, "", True)]
)
def test_several_processes_without_redis_are_told_that_limits_are_divided(
    processes: int, redis_url: str, warns: bool
) -> None:
    found = check_limits(Conf(processes=processes, redis_url=redis_url))
    assert [message.id for message in found] == (["rbacadmin.W003"] if warns else [])
    assert not found or "divided by 4" in found[0].msg
