"""`manage.py show_config`: the settings in force, each with where it comes from. Secrets are masked."""

import json
import os
from typing import Any

from django.core.management.base import BaseCommand

from rbacadmin.conf import SECRET_NAMES, Conf, conf, names_of

MASKED = {*SECRET_NAMES, "master_key", "oidc_client_secret", "email_url", "database_url", "redis_url"}


class Command(BaseCommand):
    help = "Show the settings in force and their sources."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [row(name) for name in Conf.model_fields]
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=2, default=str))
            return
        for shown in rows:
            self.stdout.write(f"{shown['name']:28} {shown['value']!s:40} {shown['source']}")


def row(name: str) -> dict[str, Any]:
    """One setting: its variable, its value (masked) and its source."""
    value = getattr(conf, name)
    variables = names_of(name)
    source = next((f"environment: {variable}" for variable in variables if variable in os.environ), "default")
    if source == "default" and name in SECRET_NAMES:
        source = f"file: {conf.var_dir / 'secrets.json'}"
    shown = ("set" if value else "not set") if name in MASKED else value
    return {"name": variables[-1], "value": shown, "source": source}
