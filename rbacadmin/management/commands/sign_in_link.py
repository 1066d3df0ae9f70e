"""`manage.py sign_in_link EMAIL`: a one-time link for somebody who cannot sign in otherwise."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rbacadmin import audit
from rbacadmin.conf import conf
from rbacadmin.policy import Actor, Origin
from rbacadmin.serving import running_at
from teams.models import User
from teams.sign_in import link_for


class Command(BaseCommand):
    help = "Print a link that signs this person in, once."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("email")
        parser.add_argument("--url", help="where the server answers; default: where the one that runs here does")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.people().filter(email=options["email"].lower(), blocked_by="").first()
        if user is None:
            raise CommandError(f"Nobody with the address {options['email']} may sign in.")
        audit.record(Actor.master(Origin(door="shell")), "user.sign_in_link_issued", user)
        url = options["url"] or address()
        self.stdout.write(f"{url}{link_for(user)}")
        if not options["url"] and not conf.public_url:
            self.stderr.write(f"For the server at {url}; --url names another one, and so does PORT.")


def address() -> str:
    """Where people reach the server: as configured, else where the one that runs on this folder listens."""
    if conf.public_url or "port" in conf.model_fields_set:
        return conf.base_url
    return running_at(conf.var_dir) or conf.base_url
