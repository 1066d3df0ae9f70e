"""The shapes that every app's rows share, and the record of what happened."""

import unicodedata
import uuid
from typing import Any, ClassVar, Self

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from rbacadmin import shapes
from rbacadmin.db.fields import JSONField
from rbacadmin.limits import validate_duration
from rbacadmin.policy.actions import Action
from rbacadmin.policy.decision import SCOPE_COLUMNS
from rbacadmin.tasks.row import Task, TaskPart  # noqa: F401  (Django looks for an app's models here)

MAX_FOLDED = 1024  # some characters fold to many


def fold(name: str) -> str:
    """The form in which names are compared: two names that look alike are one name (rulebook 21)."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def validate_name(name: str) -> None:
    """A name must still be one when it is compared: something visible, and not absurdly long."""
    folded = fold(name)
    if not folded:
        raise ValidationError("Must not be blank.")
    if len(folded) > MAX_FOLDED:
        raise ValidationError("Is too long once its characters are written out.")


class Row(models.Model):
    """A row with a UUID, and a public id that LiteLLM's clients show and accept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    public_id = models.CharField(max_length=255, unique=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    created_by = models.CharField(max_length=255, blank=True, editable=False)
    updated_by = models.CharField(max_length=255, blank=True, editable=False)

    id_prefix: ClassVar[str] = ""
    scope_columns: ClassVar[dict[str, str]] = {}
    view_action: ClassVar[Action]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.public_id:
            self.public_id = str(self.pk)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """The JSON columns hold what they should, whichever door it came through."""
        super().clean()
        shapes.check_row(self)

    @property
    def prefixed_id(self) -> str:
        """The id as OpenAI and LLMariner write it: prefix and hex."""
        return f"{self.id_prefix}{self.pk.hex}"

    @classmethod
    def named(cls, text: str) -> Q:
        """The filter for "the row that this text names": public id, UUID, or prefix and hex."""
        condition = Q(public_id=text)
        bare = text[len(cls.id_prefix) :] if cls.id_prefix and text.startswith(cls.id_prefix) else text
        try:
            return condition | Q(pk=uuid.UUID(bare))
        except ValueError:
            return condition

    @classmethod
    def rows_named(cls, *texts: str) -> QuerySet[Self]:
        """The rows that any of these texts names, whoever sees them: to narrow what hangs on them, not to show them."""
        condition = Q(pk__in=[])
        for text in texts:
            condition |= cls.named(text)
        return cls._default_manager.filter(condition)


class LimitSet(models.Model):
    """Every limit that any level can carry. Null means "what the level above allows". Money is nano-dollars."""

    max_budget = models.PositiveBigIntegerField(null=True, blank=True, help_text="nano-dollars")
    soft_budget = models.PositiveBigIntegerField(null=True, blank=True, help_text="nano-dollars; warns only")
    budget_duration = models.CharField(
        max_length=16, blank=True, validators=[validate_duration], help_text="30s, 5m, 1h, 7d, 2w, 1mo"
    )
    budget_started_at = models.DateTimeField(null=True, blank=True, editable=False)
    temp_budget_increase = models.PositiveBigIntegerField(null=True, blank=True, help_text="nano-dollars")
    temp_budget_until = models.DateTimeField(null=True, blank=True)
    tpm_limit = models.PositiveBigIntegerField(null=True, blank=True, help_text="tokens per minute")
    rpm_limit = models.PositiveBigIntegerField(null=True, blank=True, help_text="requests per minute")
    max_parallel_requests = models.PositiveBigIntegerField(null=True, blank=True)
    model_max_budget = JSONField(default=dict, blank=True, help_text="model -> nano-dollars and duration")
    model_rpm_limit = JSONField(default=dict, blank=True)
    model_tpm_limit = JSONField(default=dict, blank=True)
    tags = JSONField(default=list, blank=True)
    metadata = JSONField(default=dict, blank=True)
    # last, because in this class body its name hides the module
    models = JSONField(null=True, blank=True, help_text="model and access group names; null inherits")

    class Meta:
        abstract = True


class Blockable(models.Model):
    """A block stores the level that set it; only that level or one above lifts it (rulebook 11)."""

    class Level(models.TextChoices):
        OWNER = "owner", "its owner"
        TEAM = "team", "a team admin"
        PROJECT = "project", "a project owner"
        ORGANIZATION = "organization", "an organization admin"
        PLATFORM = "platform", "a platform admin"

    blocked_by = models.CharField(max_length=16, choices=Level.choices, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def blocked(self) -> bool:
        return bool(self.blocked_by)


class Scope(Row, LimitSet, Blockable):
    """An organization, project or team. Owns one group: the people of the scope."""

    alias = models.CharField(max_length=255, validators=[validate_name])
    alias_key = models.CharField(max_length=MAX_FOLDED, editable=False)
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="%(class)s", editable=False)

    is_scope: ClassVar[bool] = True

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.alias

    @property
    def label(self) -> str:
        return self.alias

    @property
    def kind(self) -> str:
        """`organization`, `project` or `team`."""
        return self._meta.model_name or ""

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.alias_key = fold(self.alias)
        if not self.group_id:
            self.group = Group.objects.create(name=f"{self.kind}:{self.pk}")
        super().save(*args, **kwargs)


class AuditEvent(models.Model):
    """What happened, for people: written in the transaction of the change, or after the rollback of a refusal."""

    class Outcome(models.TextChoices):
        DONE = "done", "done"
        REFUSED = "refused", "refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    event = models.CharField(max_length=64)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.DONE)
    status = models.PositiveSmallIntegerField(default=200, help_text="as HTTP counts: 200, 403, 404 or 409")
    principal = models.CharField(max_length=80)
    actor_label = models.CharField(max_length=300)
    actor_user_id = models.UUIDField(null=True)
    actor_key_id = models.UUIDField(null=True)
    door = models.CharField(max_length=16)
    ip = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=32, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    object_label = models.CharField(max_length=300, blank=True)
    organization_id = models.UUIDField(null=True)
    team_id = models.UUIDField(null=True)
    project_id = models.UUIDField(null=True)
    details = JSONField(default=dict)

    scope_columns: ClassVar[dict[str, str]] = SCOPE_COLUMNS
    view_action: ClassVar[Action] = Action.VIEW_AUDIT

    class Meta:
        default_permissions = ()
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="audit_by_time"),
            models.Index(fields=("organization_id", "-created_at", "-id"), name="audit_by_organization"),
            models.Index(fields=("team_id", "-created_at", "-id"), name="audit_by_team"),
            models.Index(fields=("project_id", "-created_at", "-id"), name="audit_by_project"),
            models.Index(fields=("actor_user_id", "-created_at", "-id"), name="audit_by_actor"),
            models.Index(fields=("kind", "object_id", "-created_at"), name="audit_by_object"),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.object_label}"

    @classmethod
    def named(cls, text: str) -> Q:
        try:
            return Q(pk=uuid.UUID(text))
        except ValueError:
            return Q(pk__in=[])


class Change(models.Model):
    """What changed, for machines: cache eviction, watches, resource versions. Readers stay below open transactions."""

    seq = models.BigAutoField(primary_key=True)
    xid = models.BigIntegerField(default=0, help_text="the transaction on PostgreSQL, 0 on SQLite")
    kind = models.CharField(max_length=32)
    object_id = models.CharField(max_length=64)
    op = models.CharField(max_length=8)

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=("object_id", "-seq"), name="change_by_object"),)

    def __str__(self) -> str:
        return f"{self.seq} {self.op} {self.kind} {self.object_id}"


class Archived(models.Model):
    """What is gone. Live tables hold live rows only; names stay readable here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    kind = models.CharField(max_length=32)
    object_id = models.CharField(max_length=64)
    organization_id = models.UUIDField(null=True)
    team_id = models.UUIDField(null=True)
    project_id = models.UUIDField(null=True)
    name = models.CharField(max_length=300)
    snapshot = JSONField(default=dict)
    archived_by = models.CharField(max_length=300)

    scope_columns: ClassVar[dict[str, str]] = SCOPE_COLUMNS

    class Meta:
        default_permissions = ()
        verbose_name_plural = "archived"
        indexes = (
            models.Index(fields=("kind", "object_id"), name="archived_by_object"),
            models.Index(fields=("organization_id", "-created_at"), name="archived_by_organization"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Setting(models.Model):
    """A setting that was changed at run time. What was never changed has no row; `rbacadmin/runtime.py` knows both."""

    name = models.CharField(max_length=64, primary_key=True)
    value = JSONField()
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.CharField(max_length=300, blank=True, editable=False)

    scope_columns: ClassVar[dict[str, str]] = {}

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.name
