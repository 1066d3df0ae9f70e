"""Requests for many: item by item, each by its own rights and on record as if it had come alone (rulebook 13)."""

from collections.abc import Callable, Mapping
from typing import Any

from api.litellm.envelopes import SECRET, problem_of

AT_ONCE = 500  # items that one request may change


def tried(verb: Callable[[], Any], names: Mapping[str, str]) -> tuple[Any, str | None]:
    """What the verb gives, and why not when it is refused. `names` are wire names, for messages."""
    try:
        return verb(), None
    except Exception as error:
        problem = problem_of(error, names=names)
        if problem is None or problem.status >= 500:
            raise
        return None, SECRET.sub("[secret]", problem.message)
