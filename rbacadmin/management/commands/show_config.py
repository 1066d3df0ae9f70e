"""`manage.py show_config`: the settings in force, each with where it comes from. Secrets are masked."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from rbacadmin.in_force import in_force


class Command(BaseCommand):
    help = "Show the settings in force and their sources."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = in_force()
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=2, default=str))
            return
        for shown in rows:
            self.stdout.write(f"{shown['name']:28} {shown['value']!s:40} {shown['source']}")
