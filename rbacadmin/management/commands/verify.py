"""`manage.py verify`: does the database hold what it must? Exit 1 and a list when it does not."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from rbacadmin.management.invariants import INVARIANTS, broken


class Command(BaseCommand):
    help = "Check the nine invariants; list every row that breaks one."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(broken())
        for name, sentence in found:
            self.stdout.write(f"{name} {sentence}")
        if found:
            self.stderr.write(self.style.ERROR(f"{len(found)} breaches."))
            sys.exit(1)
        self.stdout.write(f"All {len(INVARIANTS)} invariants hold.")
