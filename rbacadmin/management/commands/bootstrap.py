"""`manage.py bootstrap`: what a first start needs, and nothing that is there already."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from gateway import from_file
from orgs.models import Organization, Project
from orgs.services import open_scope
from rbacadmin.checks import check_master_key, require_safe_start
from rbacadmin.conf import conf
from rbacadmin.policy import INITIAL_ORGANIZATION, Actor
from teams.models import User
from teams.services.belonging import place
from teams.services.people import save_person
from teams.sign_in import link_for


class Command(BaseCommand):
    help = "Make the initial organization, project and administrator; print a one-time link until they have signed in."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--url", default=conf.base_url, help="where the server will answer")

    def handle(self, *args: Any, **options: Any) -> None:
        require_safe_start(conf)
        for problem in check_master_key(conf):
            self.stderr.write(self.style.WARNING(f"{problem.msg} Fine on this machine only."))
        if not conf.redis_url:
            call_command("createcachetable", verbosity=0)
        from_file.at_start()
        administrator = bootstrap()
        if administrator.last_login is None:
            self.stdout.write(f"Sign in once as {administrator.email} with this link:")
            self.stdout.write(f"  {options['url']}{link_for(administrator)}")
        elif settings.DEBUG:
            self.stdout.write("Set up already.")


def bootstrap() -> User:
    """The initial organization and project, and the first administrator: platform admin, and admin there."""
    actor = Actor.master()
    with transaction.atomic():
        organization = Organization.objects.filter(pk=INITIAL_ORGANIZATION).first()
        if organization is None:
            organization = open_scope(
                actor, Organization(pk=INITIAL_ORGANIZATION, alias=conf.initial_organization, created_by=actor.label)
            )
        if not Project.objects.filter(organization=organization, is_default=True).exists():
            project = Project(
                organization=organization, alias=conf.initial_project, is_default=True, created_by=actor.label
            )
            open_scope(actor, project)
        administrator = (
            User.objects.people().filter(platform_role="proxy_admin", blocked_by="").order_by("created_at").first()
        )
        if administrator is None:
            require_free_address(conf.admin_email.lower())
            administrator = User(
                public_id=conf.admin_email.lower(),
                email=conf.admin_email.lower(),
                platform_role="proxy_admin",
                is_staff=True,
                is_superuser=True,
            )
            save_person(actor, administrator, organization)
            place(actor, organization, administrator, "org_admin")
    return administrator


def require_free_address(email: str) -> None:
    """Raise CommandError when the address is somebody's who is no active platform admin: a start promotes nobody."""
    if User.objects.filter(User.named(email)).exists():
        raise CommandError(
            f"There is no active platform admin, and {email} is known already, but is none. "
            "Set RBACADMIN_ADMIN_EMAIL to another address."
        )
