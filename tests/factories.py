"""Rows for tests, made without the services: a world must not depend on what it is there to test."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from keys import secrets
from keys.models import Key
from orgs.models import Organization, Project
from teams.models import Membership, Team, User


class OrganizationFactory(DjangoModelFactory[Organization]):
    class Meta:
        model = Organization

    alias = factory.Sequence(lambda n: f"organization-{n}")


class ProjectFactory(DjangoModelFactory[Project]):
    class Meta:
        model = Project

    alias = factory.Sequence(lambda n: f"project-{n}")
    organization = factory.SubFactory(OrganizationFactory)


class TeamFactory(DjangoModelFactory[Team]):
    class Meta:
        model = Team

    alias = factory.Sequence(lambda n: f"team-{n}")
    organization = factory.SubFactory(OrganizationFactory)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person-{n}@example.com")
    public_id = factory.SelfAttribute("email")
    platform_role = "internal_user"

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        password = kwargs.pop("password", None)
        return model_class.objects.create_user(kwargs.pop("email"), password, **kwargs)


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership


class KeyFactory(DjangoModelFactory[Key]):
    """A key whose secret the test knows, as `key.secret`."""

    class Meta:
        model = Key

    @classmethod
    def _create(cls, model_class: type[Key], *args: Any, **kwargs: Any) -> Key:
        secret = secrets.make(kwargs.get("kind", "personal"))
        key = super()._create(model_class, *args, token=secrets.digest(secret), hint=secret[-4:], **kwargs)
        key.secret = secret  # type: ignore[attr-defined]
        return key


def join(user: User, scope: Any, role: str, **values: Any) -> Membership:
    """Make somebody a member, and of the organization above too."""
    organization = getattr(scope, "organization", None)
    if organization and not Membership.objects.filter(user=user, group=organization.group).exists():
        join(user, organization, "internal_user")
    ids = {f"{kind}_id": getattr(scope, column) for kind, column in scope.scope_columns.items()}
    return MembershipFactory(user=user, group=scope.group, role=role, **ids, **values)


def service_key(**where: Any) -> Key:
    """A service account's key in a team or project."""
    scope = where.get("team") or where["project"]
    account = User(kind="service", name="robot")
    account.set_unusable_password()
    account.save()
    return KeyFactory(kind="service", user=account, organization=scope.organization, **where)
