"""Virtual keys. The secret is shown once; what is stored is a keyed hash that opens nothing."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from keys import secrets
from orgs.models import Organization, Project
from rbacadmin.db.fields import JSONField
from rbacadmin.models import MAX_FOLDED, Blockable, LimitSet, Row, fold, validate_name
from rbacadmin.policy.actions import Action
from rbacadmin.policy.decision import SCOPE_COLUMNS, ScopeKey
from teams.models import Team, User


class Key(Row, LimitSet, Blockable):
    """A bearer key. Lives in a team, a project, or carries its owner's organization (rulebook 16)."""

    class Kind(models.TextChoices):
        PERSONAL = "personal", "a person's key"
        SERVICE = "service", "service account key"
        GATEWAY = "gateway", "gateway credential"
        TERMINAL = "terminal", "sign-in from a terminal"

    token = models.CharField(max_length=64, unique=True, editable=False, help_text="keyed hash, hex")
    hash_version = models.PositiveSmallIntegerField(default=secrets.HASH_VERSION, editable=False)
    hint = models.CharField(max_length=8, editable=False, help_text="the last four characters")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PERSONAL, editable=False)
    alias = models.CharField(max_length=255, blank=True, validators=[validate_name])
    alias_key = models.CharField(max_length=MAX_FOLDED, blank=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="keys")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, null=True, blank=True, related_name="keys")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="keys")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, blank=True, related_name="keys")
    expires_at = models.DateTimeField(null=True, blank=True)
    allowed_routes = JSONField(default=list, blank=True, help_text="as the LiteLLM dialect names them; empty means all")
    actions = JSONField(null=True, blank=True, help_text="the only actions this key may do; null means all")
    aliases = JSONField(default=dict, blank=True, help_text="model aliases")
    permissions = JSONField(default=dict, blank=True)
    excluded_from_rate_limiting = models.BooleanField(default=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    previous_token = models.CharField(
        max_length=64, unique=True, null=True, editable=False, help_text="valid during a rotation's grace period"
    )
    previous_until = models.DateTimeField(null=True, editable=False)
    rotated_at = models.DateTimeField(null=True, editable=False)

    id_prefix = "key_"
    scope_columns: ClassVar[dict[str, str]] = SCOPE_COLUMNS
    bound_columns: ClassVar[tuple[str, ...]] = ("team_id", "project_id")
    view_action: ClassVar[Action] = Action.VIEW_KEYS

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("organization", "alias_key"), condition=~Q(alias_key=""), name="key_alias_unique"
            ),
            models.UniqueConstraint(
                fields=("alias_key",),
                condition=~Q(alias_key="") & Q(organization__isnull=True),
                name="key_alias_unique_alone",
            ),
        )
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="key_by_time"),
            models.Index(fields=("user", "-created_at", "-id"), name="key_by_user"),
            models.Index(fields=("team", "-created_at", "-id"), name="key_by_team"),
            models.Index(fields=("project", "-created_at", "-id"), name="key_by_project"),
            models.Index(fields=("organization", "-created_at", "-id"), name="key_by_organization"),
        )

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.alias_key = fold(self.alias) if self.alias else ""
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        """The key as it may be shown: `sk-...o6kQ`."""
        return f"sk-...{self.hint}"

    @property
    def label(self) -> str:
        return self.alias or self.name

    @property
    def person(self) -> User | None:
        """The person whose key this is. A service account is a user too, and is nobody."""
        return self.user if self.user is not None and self.user.kind == User.Kind.PERSON else None

    @property
    def owner_label(self) -> str:
        if self.person is not None:
            return self.person.label
        return "service account" if self.kind == self.Kind.SERVICE else "nobody"

    @property
    def is_personal(self) -> bool:
        """Bound to neither team nor project: follows its owner's platform role."""
        return self.team_id is None and self.project_id is None

    @property
    def is_session(self) -> bool:
        """A sign-in of its owner from a terminal: ended or blocked, never changed, and it calls no model."""
        return self.kind == self.Kind.TERMINAL

    @property
    def platform_role(self) -> str:
        """What the key itself, without an owner, is on the platform."""
        return "gateway" if self.kind == "gateway" else ""

    def reach(self) -> frozenset[ScopeKey] | None:
        """Where the key acts: its team and project, else its organization, else everywhere its owner does."""
        bound = {(kind, pk) for kind, pk in (("team", self.team_id), ("project", self.project_id)) if pk}
        if bound:
            return frozenset(bound)
        if self.organization_id:
            return frozenset({("organization", self.organization_id)})
        return None if self.user_id or self.kind == "gateway" else frozenset()

    def is_live(self, now: datetime) -> bool:
        """Neither blocked nor expired at `now`."""
        return not self.blocked_by and (self.expires_at is None or self.expires_at > now)

    def state(self, now: datetime) -> str:
        """`active`, `blocked` or `expired`."""
        return "blocked" if self.blocked_by else "active" if self.is_live(now) else "expired"

    @classmethod
    def named(cls, text: str) -> Q:
        """The secret itself, its stored hash, or any id."""
        if text.startswith(secrets.PREFIX):
            return Q(token=secrets.stored(text))
        named = super().named(text) | Q(token=text)
        # scripts that were written for LiteLLM name a key by its SHA-256
        return named | Q(token=secrets.digest_of(text)) if secrets.FINGERPRINT.fullmatch(text) else named


class TerminalSignIn(models.Model):
    """A terminal that asks to act as somebody (RFC 8628), and once they agreed, the key that it got for that.

    What the terminal holds is stored as a keyed hash; what the person types lives for ten minutes and works once.
    """

    class Answer(models.TextChoices):
        APPROVED = "approved", "approved"
        REFUSED = "refused", "refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    device_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    user_code = models.CharField(max_length=8, unique=True, null=True, editable=False)
    host = models.CharField(max_length=100, help_text="as the terminal calls its machine; anybody can claim it")
    ip = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(help_text="until when the codes work")
    interval = models.PositiveSmallIntegerField(default=5, help_text="seconds between two looks of the terminal")
    polled_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="terminals")
    key = models.OneToOneField(Key, on_delete=models.CASCADE, null=True, related_name="terminal")

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=("expires_at",), name="terminal_by_end"),)

    def __str__(self) -> str:
        return f"rbacctl on {self.host}"
