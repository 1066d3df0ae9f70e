"""What a manifest says about a row besides the row's own facts."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from rbacadmin.policy.decision import SCOPE_COLUMNS


class Manifest(models.Model):
    """A row's name, labels, annotations and finalizers; and what was declared, as it was written.

    A row that nobody declared has one too once somebody has listed it, with nothing but a name. One without a row
    waits for something that it refers to.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=32)
    namespace = models.CharField(max_length=63)
    name = models.CharField(max_length=253)
    object_id = models.UUIDField(null=True)
    labels = models.JSONField(default=dict)
    annotations = models.JSONField(default=dict)
    finalizers = models.JSONField(default=list)
    spec = models.JSONField(null=True, help_text="as written; null where nobody declared the row")
    refs = models.JSONField(default=dict, help_text="the ids of what the spec refers to, when it was written")
    status = models.JSONField(default=dict, help_text="what operators have added to the status")
    managers = models.JSONField(default=dict, help_text="what each field manager has applied")
    applied_by = models.CharField(max_length=255, blank=True, help_text="the set that it was applied with")
    generation = models.PositiveIntegerField(default=1)
    reason = models.CharField(max_length=64, blank=True, help_text="why it is not ready; empty when it is")
    message = models.TextField(blank=True)
    changed_at = models.DateTimeField(null=True, help_text="when it last became ready, or ceased to be")
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, help_text="when its deletion was asked for; finalizers delay it")
    creator = models.CharField(max_length=80, blank=True)
    creator_user_id = models.UUIDField(null=True)
    organization_id = models.UUIDField(null=True)
    team_id = models.UUIDField(null=True)
    project_id = models.UUIDField(null=True)

    scope_columns: ClassVar[dict[str, str]] = SCOPE_COLUMNS

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("kind", "object_id"), name="manifest_object"),
            models.UniqueConstraint(fields=("kind", "namespace", "name"), name="manifest_name"),
        )
        indexes = (
            models.Index(fields=("created_at",), condition=models.Q(object_id=None), name="manifest_waiting"),
            models.Index(fields=("reason",), condition=~models.Q(reason=""), name="manifest_not_ready"),
            models.Index(fields=("applied_by",), condition=~models.Q(applied_by=""), name="manifest_by_set"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}"

    @property
    def label(self) -> str:
        return str(self)

    def as_ref(self) -> dict[str, str]:
        """As another manifest refers to it."""
        return {"name": self.name, "namespace": self.namespace}


class KeySecret(models.Model):
    """The secret of a key that a manifest has made, until its creator has taken it, or an hour is over."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    namespace = models.CharField(max_length=63)
    name = models.CharField(max_length=253)
    key_id = models.UUIDField()
    sealed = models.BinaryField(editable=False, help_text="encrypted")
    creator = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("namespace", "name"), name="key_secret_name"),)

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"
