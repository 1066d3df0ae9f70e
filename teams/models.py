"""People, teams, and who belongs where."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.db import models
from django.db.models import Q, QuerySet

from orgs.models import Organization, Project
from rbacadmin.db.fields import JSONField
from rbacadmin.models import Blockable, LimitSet, Row, Scope
from rbacadmin.policy.actions import Action
from rbacadmin.policy.decision import SCOPE_COLUMNS, ScopeKey
from rbacadmin.policy.explain import meaning
from rbacadmin.policy.grants import Grant
from rbacadmin.policy.roles import GRANTABLE, LEADING_ROLE, PLATFORM_ROLES, SCOPED_ROLES
from rbacadmin.policy.subjects import membership_scope

ROLE_LABELS = {
    "proxy_admin": "Platform admin",
    "proxy_admin_viewer": "Platform viewer",
    "internal_user": "Internal user",
    "internal_user_viewer": "Internal viewer",
    "org_admin": "Organization admin",
    "admin": "Team admin",
    "user": "Team member",
    "owner": "Project owner",
    "member": "Project member",
}


class UserManager(BaseUserManager["User"]):
    """Makes people as Django's own commands expect; the product itself goes through `teams.services`."""

    def people(self) -> "QuerySet[User]":
        """Everyone who is a person: a service account is kept as a user too, and is none."""
        return self.filter(kind=User.Kind.PERSON)

    def create_user(self, email: str | None, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.lower() if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A superuser opens Django admin; being a platform admin is another matter, given here for convenience."""
        fields = {"platform_role": "proxy_admin", "is_staff": True, "is_superuser": True, **fields}
        return self.create_user(email, password, **fields)


class User(AbstractBaseUser, PermissionsMixin, Row, LimitSet, Blockable):
    """A person, or a service account that owns its keys and never signs in."""

    class Kind(models.TextChoices):
        PERSON = "person", "person"
        SERVICE = "service", "service account"

    email = models.EmailField(max_length=254, unique=True, null=True, blank=True)
    name = models.CharField(max_length=255, blank=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PERSON)
    platform_role = models.CharField(
        max_length=24, choices=[(role, ROLE_LABELS[role]) for role in PLATFORM_ROLES], default="internal_user"
    )
    is_staff = models.BooleanField(default=False)
    groups = models.ManyToManyField(  # type: ignore[assignment]
        Group, through="teams.Membership", related_name="user_set", related_query_name="user", blank=True
    )
    sso_id = models.CharField(max_length=255, null=True, blank=True)
    sso_issuer = models.CharField(
        max_length=255, blank=True, help_text="who vouches for sso_id; empty: the first one that is configured"
    )
    preferences = JSONField(default=dict, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    id_prefix = "user-"
    view_action: ClassVar[Action] = Action.VIEW_PEOPLE

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=Q(platform_role__in=PLATFORM_ROLES), name="user_platform_role_known"),
            models.UniqueConstraint(fields=("sso_issuer", "sso_id"), name="user_identity_unique"),
            models.CheckConstraint(
                condition=Q(kind="person") | Q(email__isnull=True), name="user_service_has_no_email"
            ),
        )
        indexes = (models.Index(fields=("-created_at", "-id"), name="user_by_time"),)

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower() if self.email else None
        super().save(*args, **kwargs)

    @property
    def label(self) -> str:
        return self.email or self.name or self.public_id or str(self.pk)

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """What Django and allauth ask before a sign-in: the block is the one fact behind it."""
        return not self.blocked_by

    @property
    def role_meaning(self) -> str:
        return meaning(self.platform_role)

    @classmethod
    def named(cls, text: str) -> Q:
        """An e-mail names its person, whatever the case."""
        return super().named(text) | Q(email=text.lower()) if "@" in text else super().named(text)


class Team(Scope):
    """People who share models, keys and a budget. Lives in an organization, or (platform admins only) in none."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, blank=True, related_name="teams"
    )
    model_aliases = JSONField(default=dict, blank=True)
    member_defaults = JSONField(default=dict, blank=True, help_text="limits that new members start with")

    id_prefix = "team_"
    scope_columns: ClassVar[dict[str, str]] = {"organization": "organization_id", "team": "id"}
    view_action: ClassVar[Action] = Action.SEE_TEAMS

    class Meta:
        default_permissions = ()
        permissions = tuple((action.value, action.label) for action in GRANTABLE["team"])
        constraints = (
            models.UniqueConstraint(fields=("organization", "alias_key"), name="team_alias_unique"),
            models.UniqueConstraint(
                fields=("alias_key",), condition=Q(organization__isnull=True), name="team_alias_unique_alone"
            ),
        )
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="team_by_time"),
            models.Index(fields=("organization", "-created_at", "-id"), name="team_by_organization"),
        )


class TeamGrant(Grant):
    """A group's grant on a team; the team's own group holds the member permissions of seed 003."""

    content_object = models.ForeignKey(Team, on_delete=models.CASCADE)

    class Meta(Grant.Meta):
        abstract = False


class Membership(Row, LimitSet):
    """A person in a scope with a role: Django's own user-group link, so that guardian sees members natively."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships")
    role = models.CharField(max_length=24)  # no default: groups.add() must not make a member without a role
    expires_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.CharField(max_length=255, blank=True)

    scope_columns: ClassVar[dict[str, str]] = SCOPE_COLUMNS
    view_action: ClassVar[Action] = Action.VIEW_MEMBERS

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("user", "group"), name="membership_unique"),
            models.CheckConstraint(
                condition=Q(team__isnull=False, project__isnull=True, role__in=SCOPED_ROLES["team"])
                | Q(
                    team__isnull=True,
                    project__isnull=False,
                    organization__isnull=False,
                    role__in=SCOPED_ROLES["project"],
                )
                | Q(
                    team__isnull=True,
                    project__isnull=True,
                    organization__isnull=False,
                    role__in=SCOPED_ROLES["organization"],
                ),
                name="membership_role_fits_scope",
            ),
        )
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="membership_by_time"),
            models.Index(fields=("team", "user"), name="membership_by_team"),
            models.Index(fields=("organization", "user"), name="membership_by_organization"),
            models.Index(fields=("project", "user"), name="membership_by_project"),
        )

    def __str__(self) -> str:
        return f"{self.user} as {self.role}"

    @property
    def label(self) -> str:
        return f"{self.user.label} in {self.scope.label}"

    @property
    def scope_key(self) -> ScopeKey:
        return membership_scope(self)

    @property
    def scope(self) -> Organization | Project | Team:
        scope = self.project or self.team or self.organization
        assert scope is not None
        return scope

    @property
    def rates(self) -> list[str]:
        """The personal limits besides the budget in words, for tables."""
        words = []
        if self.rpm_limit is not None:
            words.append(f"{self.rpm_limit:,} requests a minute")
        if self.tpm_limit is not None:
            words.append(f"{self.tpm_limit:,} tokens a minute")
        if self.max_parallel_requests is not None:
            words.append(f"{self.max_parallel_requests:,} requests at a time")
        if self.models:
            words.append(", ".join(self.models))
        return words

    @property
    def leads(self) -> bool:
        """Whether the role manages the scope."""
        return self.role == LEADING_ROLE[self.scope_key[0]]

    @property
    def role_label(self) -> str:
        return role_label(self.scope_key[0], self.role)

    @property
    def role_meaning(self) -> str:
        return role_meaning(self.scope_key[0], self.role)


def role_label(kind: str, role: str) -> str:
    """What people call a role in a kind of scope; in an organization all but its admins are readers."""
    return ROLE_LABELS.get(role, role) if kind != "organization" or role == LEADING_ROLE[kind] else "Reader"


def role_name(code: str) -> str:
    """`team admin` or `proxy_admin`, as decisions name what it takes, in the words that people read.

    Whatever is no role ("whoever set it, or above") stays as it is.
    """
    kind, _sep, role = code.rpartition(" ")
    if role not in ROLE_LABELS or kind not in ("", *SCOPED_ROLES):
        return code
    return role_label(kind or "platform", role)


def role_meaning(kind: str, role: str) -> str:
    """What the role is for, in one phrase."""
    if kind == "organization" and role != LEADING_ROLE[kind]:
        return "belongs to the organization and sees its name"
    return meaning(role)


class Invitation(Row):
    """A sign-in offered to a person by link (and e-mail where configured)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, null=True, blank=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, blank=True)
    digest = models.CharField(
        max_length=64, unique=True, null=True, editable=False, help_text="hash of the link's secret"
    )
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    scope_columns: ClassVar[dict[str, str]] = SCOPE_COLUMNS
    view_action: ClassVar[Action] = Action.VIEW_INVITATIONS

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=("-created_at", "-id"), name="invitation_by_time"),)

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"invitation of {self.user.label}"
