"""The catalog of models, and what was spent: facts that change too often to stand in a managed row."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from gateway.decisions import RefusalCount
from gateway.ledger.models import CountedName, Label, Lease, Usage
from orgs.models import Organization, Project
from rbacadmin.db.fields import JSONField
from rbacadmin.models import Blockable, LimitSet, Row
from rbacadmin.policy.actions import Action
from rbacadmin.policy.decision import SCOPE_COLUMNS
from teams.models import Team

__all__ = [
    "Budget",
    "BudgetHeld",
    "CatalogModel",
    "Customer",
    "DailyUsage",
    "CountedName",
    "Label",
    "Lease",
    "ModelAccessGroup",
    "RefusalCount",
    "Spend",
    "Usage",
]


# Models of nobody in particular, which everybody's lists are about.
PLATFORMS = Q(organization=None, team=None, project=None)


class CatalogModel(Row):
    """A model deployment: the platform's, or a team's or project's own."""

    name = models.CharField(max_length=255, db_index=True)
    params = JSONField(default=dict, blank=True, help_text="provider, upstream model, api_base; never a secret")
    credential = models.BinaryField(null=True, editable=False, help_text="the provider key, encrypted")
    info = JSONField(default=dict, blank=True)
    input_price = models.PositiveBigIntegerField(default=0, help_text="nano-dollars per million tokens")
    output_price = models.PositiveBigIntegerField(default=0, help_text="nano-dollars per million tokens")
    tpm_limit = models.PositiveBigIntegerField(null=True, blank=True)
    rpm_limit = models.PositiveBigIntegerField(null=True, blank=True)
    blocked = models.BooleanField(default=False)
    source = models.CharField(
        max_length=8, choices=[("db", "database"), ("file", "configuration file")], default="db", editable=False
    )
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, null=True, blank=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="own_models")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, blank=True, related_name="own_models")

    scope_columns: ClassVar[dict[str, str]] = SCOPE_COLUMNS
    view_action: ClassVar[Action] = Action.VIEW_MODELS

    class Meta:
        default_permissions = ()
        verbose_name = "model"
        indexes = (models.Index(fields=("-created_at", "-id"), name="model_by_time"),)

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.name


class ModelAccessGroup(Row):
    """A name for several models, usable wherever a model name is."""

    name = models.CharField(max_length=255, unique=True)
    description = models.TextField(blank=True)
    models = JSONField(default=list)

    view_action: ClassVar[Action] = Action.VIEW_ACCESS_GROUPS

    class Meta:
        default_permissions = ()
        verbose_name = "access group"

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.name

    @classmethod
    def named(cls, text: str) -> Q:
        return super().named(text) | Q(name=text)


class Spend(models.Model):
    """What one entity has spent, in nano-dollars. Its own row, so that metering locks no managed row."""

    object_id = models.UUIDField(primary_key=True)  # UUIDs of different kinds never meet
    kind = models.CharField(max_length=24)
    period_start = models.DateTimeField(null=True)
    lifetime = models.PositiveBigIntegerField(default=0)
    current = models.PositiveBigIntegerField(default=0)
    reserved = models.PositiveBigIntegerField(default=0, help_text="the sum of its leases")

    class Meta:
        default_permissions = ()
        verbose_name_plural = "spend"

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class DailyUsage(models.Model):
    """Usage of one entity with one model on one day (UTC)."""

    kind = models.CharField(max_length=16)
    object_id = models.UUIDField()
    day = models.DateField()
    model = models.CharField(max_length=255)
    requests = models.PositiveBigIntegerField(default=0)
    failures = models.PositiveBigIntegerField(default=0)
    prompt_tokens = models.PositiveBigIntegerField(default=0)
    completion_tokens = models.PositiveBigIntegerField(default=0)
    spend = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "daily usage"
        constraints = (
            models.UniqueConstraint(fields=("kind", "object_id", "day", "model"), name="daily_usage_unique"),
        )
        # Reports of everybody ask for all lines of one kind and some days.
        indexes = (models.Index(fields=("kind", "day"), name="daily_usage_by_day"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} {self.day} {self.model}"


class Customer(Row, LimitSet, Blockable):
    """An end user of somebody's product. Its id is the `user` that calls carry; it has no rights of its own."""

    class Region(models.TextChoices):
        EU = "eu", "European Union"
        US = "us", "United States"

    name = models.CharField(max_length=255, blank=True)
    default_model = models.CharField(max_length=255, blank=True, help_text="for calls that name none")
    allowed_model_region = models.CharField(max_length=2, choices=Region.choices, blank=True)

    view_action: ClassVar[Action] = Action.VIEW_CUSTOMERS

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=("-created_at", "-id"), name="customer_by_time"),)

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.name or self.public_id


# Kinds of rows that can hold a budget, each with the column that points to it.
HOLDERS = ("organization", "key", "customer")


class Budget(Row, LimitSet):
    """A set of limits with an id. What a holder leaves open, its budget says; a change is everybody's at once."""

    view_action: ClassVar[Action] = Action.VIEW_BUDGETS

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.public_id

    @property
    def label(self) -> str:
        return self.public_id


def holder(to: str) -> Any:
    """The column of one kind of holder: each holds at most one budget, and takes the link along when it goes."""
    return models.OneToOneField(to, on_delete=models.CASCADE, null=True, related_name="budget_held")


class BudgetHeld(models.Model):
    """That a row holds a budget. Beside the row, because those below the gateway know nothing of budgets."""

    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="held")
    organization = holder("orgs.Organization")
    key = holder("keys.Key")
    customer = holder("gateway.Customer")

    class Meta:
        default_permissions = ()
        verbose_name_plural = "budgets held"
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    *[
                        Q(**{f"{kind}__isnull": False for kind in HOLDERS if kind == name})
                        & Q(**{f"{kind}__isnull": True for kind in HOLDERS if kind != name})
                        for name in HOLDERS
                    ],
                    _connector=Q.OR,
                ),
                name="budget_held_by_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.budget_id} held"

    @property
    def holder(self) -> Any:
        """The row that holds the budget."""
        return next(row for kind in HOLDERS if (row := getattr(self, kind)) is not None)
