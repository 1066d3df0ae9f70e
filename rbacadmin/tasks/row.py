"""Long work of one person: what is to be done, how far it is, and what became of each part."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from rbacadmin.db.fields import JSONField


class Task(models.Model):
    """Work that takes more than one request: a row of its own, so that it outlives the page and the session.

    It belongs to one person by id: nobody else sees it, and it is swept after a day whether they are there or not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner_id = models.UUIDField(editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    kind = models.CharField(max_length=16)
    title = models.CharField(max_length=300, help_text="in the words that its owner was asked with")
    asked = JSONField(default=dict, help_text="what is to be done, as its kind wants it")
    total = models.PositiveIntegerField(help_text="rows; of an export, as many as there were when it began")
    done = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    after = models.TextField(blank=True, help_text="where the next part begins, where that is no number")
    begun_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    taken_until = models.DateTimeField(null=True, help_text="a request is working on it until then, at the latest")

    scope_columns: ClassVar[dict[str, str]] = {}

    class Meta:
        default_permissions = ()
        verbose_name = "long work"
        verbose_name_plural = "long work"
        indexes = (models.Index(fields=("owner_id", "-created_at"), name="task_by_owner"),)

    def __str__(self) -> str:
        return self.title


class TaskPart(models.Model):
    """What one request did of it: the outcome of each row, or a piece of the file."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    outcomes = JSONField(default=list)
    text = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("task", "number"), name="task_part_number"),)

    def __str__(self) -> str:
        return f"{self.task_id} {self.number}"
