"""How long another process goes on answering what one process has changed: `python -m benchmarks.revocation`.

Keys are blocked and unblocked on PostgreSQL; a second process that is told by notification watches its own answer.
"""

import os
import statistics
import sys

from benchmarks.decision import prepare
from benchmarks.prepared import database
from tests.support.other_process import delays, listening, told

CHANGES = 40
GOAL, AIM = 50.0, 15.0  # milliseconds, at most


def rows() -> list[tuple[str, float, float, float]]:
    """The median and the worst of forty changes in milliseconds: name, value, floor, aim."""
    secret = prepare(os.environ["DATABASE_URL"])
    from django.conf import settings

    from keys.models import Key
    from keys.services import block_key, unblock_key
    from rbacadmin.policy import Actor

    key, master = Key.objects.get(), Actor.master()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "rbacadmin.settings",
        "RBACADMIN_KEY_PEPPER": str(settings.KEY_PEPPER),
    }
    with listening(secret, environment) as obeyed:
        found = delays(CHANGES, lambda number: (unblock_key if number % 2 else block_key)(master, key), obeyed)
    print(told(found))
    return [
        ("a change is obeyed by another process, median", statistics.median(found) * 1000, GOAL, AIM),
        ("the same, the worst", found[-1] * 1000, 1000.0, GOAL),
    ]


def main() -> int:
    with database():
        found = rows()
    for name, value, floor, aim in found:
        print(f"{name:60s} {value:8.1f} ms  at most {floor:.0f}, aim {aim:.0f}")
    return 0 if all(value <= floor for _, value, floor, _ in found) else 1


if __name__ == "__main__":
    sys.exit(main())
