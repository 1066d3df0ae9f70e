"""`manage.py run_maintenance`: what nobody waits for. Safe at any time, as often as wanted, by cron or a timer."""

from typing import Any

from django.core.management.base import BaseCommand

from keys.maintenance import JOBS


class Command(BaseCommand):
    help = "End expired memberships, forget rotated secrets and clear expired sessions."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, job in JOBS.items():
            self.stdout.write(f"{name}: {job()}")
