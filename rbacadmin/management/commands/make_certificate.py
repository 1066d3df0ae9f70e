"""`manage.py make_certificate`: what `bin/serve --tls` serves with; makes nothing that is there already."""

from typing import Any

from django.core.management.base import BaseCommand

from rbacadmin import tls
from rbacadmin.conf import conf


class Command(BaseCommand):
    help = "Make a certificate authority and the server's certificate in the data folder; print the authority's path."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("hosts", nargs="*", help="names and addresses besides localhost")

    def handle(self, *args: Any, **options: Any) -> None:
        unbound = {"0.0.0.0", "::"}  # noqa: S104  (what a server binds is no name that clients call)
        hosts = [host for host in (*options["hosts"], *conf.allowed_hosts) if host not in unbound and "*" not in host]
        self.stdout.write(str(tls.ensure(conf.var_dir, [host.lstrip(".") for host in hosts]).ca))
