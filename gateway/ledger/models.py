"""What calls used, and what processes have been lent to admit calls with."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rbacadmin.db.fields import JSONField
from rbacadmin.policy.actions import Action
from rbacadmin.policy.decision import SCOPE_COLUMNS


class Usage(models.Model):
    """One call of a model: what it used, what it cost, and whom it counted for. Written once, never changed.

    The ids are plain: history stays when what they name is gone.
    """

    class Status(models.TextChoices):
        SUCCESS = "success", "success"
        FAILURE = "failure", "failure"

    request_id = models.CharField(max_length=128, unique=True)
    batch = models.UUIDField(help_text="the transaction of the ledger that wrote it")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(help_text="when it counts: the day and the budget's period")
    key_id = models.UUIDField(null=True)
    user_id = models.UUIDField(null=True, help_text="the person; service keys have none")
    membership_id = models.UUIDField(null=True, help_text="of the person in the team")
    project_membership_id = models.UUIDField(null=True)
    team_id = models.UUIDField(null=True)
    project_id = models.UUIDField(null=True)
    organization_id = models.UUIDField(null=True)
    model = models.CharField(max_length=255, help_text="as the caller named it")
    deployment_id = models.UUIDField(null=True, help_text="the row of the catalog that answered")
    route = models.CharField(max_length=128, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.SUCCESS)
    prompt_tokens = models.PositiveBigIntegerField(default=0)
    completion_tokens = models.PositiveBigIntegerField(default=0)
    cost = models.PositiveBigIntegerField(default=0, help_text="nano-dollars")
    customer = models.CharField(max_length=255, blank=True, help_text="the end user, as the caller names them")
    tags = JSONField(default=list)

    scope_columns: ClassVar[dict[str, str]] = SCOPE_COLUMNS
    view_action: ClassVar[Action] = Action.VIEW_SPEND

    class Meta:
        default_permissions = ()
        verbose_name_plural = "usage"
        indexes = (
            models.Index(fields=("ended_at",), name="usage_by_time"),
            models.Index(fields=("organization_id", "ended_at"), name="usage_by_organization"),
            models.Index(fields=("team_id", "ended_at"), name="usage_by_team", condition=Q(team_id__isnull=False)),
            models.Index(
                fields=("project_id", "ended_at"), name="usage_by_project", condition=Q(project_id__isnull=False)
            ),
            models.Index(fields=("user_id", "ended_at"), name="usage_by_user", condition=Q(user_id__isnull=False)),
            models.Index(fields=("key_id", "ended_at"), name="usage_by_key"),
        )

    def __str__(self) -> str:
        return f"{self.request_id} {self.model}"

    @classmethod
    def named(cls, text: str) -> Q:
        """The filter for the call of this request id."""
        return Q(request_id=text)


class Label(models.Model):
    """The name of something that usage is counted for and that has no row of its own: a tag, or an end user."""

    object_id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=255)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("kind", "name"), name="label_unique"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class CountedName(models.Model):
    """That a tag or an end user of an organization is counted by itself on a day, and not with all others."""

    organization_id = models.UUIDField()
    kind = models.CharField(max_length=16)
    day = models.DateField()
    object_id = models.UUIDField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("organization_id", "kind", "day", "object_id"), name="counted_name_unique"),
        )
        indexes = (models.Index(fields=("day",), name="counted_name_by_day"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} {self.day}"


class Lease(models.Model):
    """Money of a budget that one process may admit calls with, without asking again.

    `amount` is what the process still has of it: free, reserved by its calls in flight, or spent and not written yet.
    Below zero when calls cost more than was reserved for them. A process that lives renews its leases; what a dead one
    held is taken back when `expires_at` has passed.
    """

    object_id = models.UUIDField()
    process = models.UUIDField()
    amount = models.BigIntegerField(default=0, help_text="nano-dollars")
    expires_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("object_id", "process"), name="lease_unique"),)
        indexes = (models.Index(fields=("process",), name="lease_by_process"),)

    def __str__(self) -> str:
        return f"{self.object_id} {self.process} {self.amount}"
