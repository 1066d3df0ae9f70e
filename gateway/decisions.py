"""The decision log: how often which key was refused what, minute by minute."""

from typing import ClassVar

from django.db import models

from rbacadmin.policy.decision import SCOPE_COLUMNS


class RefusalCount(models.Model):
    """So many calls of one key were refused for one reason in one minute.

    The ids are plain: the log stays when what they name is gone. `key_id` is null when nobody has such a token.
    """

    id = models.UUIDField(primary_key=True, editable=False)  # made of all that is counted apart
    minute = models.DateTimeField()
    key_id = models.UUIDField(null=True)
    key_label = models.CharField(max_length=300, blank=True)
    user_id = models.UUIDField(null=True)
    organization_id = models.UUIDField(null=True)
    team_id = models.UUIDField(null=True)
    project_id = models.UUIDField(null=True)
    level = models.CharField(max_length=16, help_text="what refused: key, team, ..., model")
    level_id = models.CharField(max_length=64, blank=True)
    status = models.PositiveSmallIntegerField(help_text="as HTTP counts: 401, 403, 422 or 429")
    code = models.CharField(max_length=64, help_text="LiteLLM's error type")
    count = models.PositiveBigIntegerField(default=0)

    scope_columns: ClassVar[dict[str, str]] = SCOPE_COLUMNS

    class Meta:
        default_permissions = ()
        indexes = (
            models.Index(fields=("-minute", "-id"), name="refusal_by_time"),
            models.Index(fields=("organization_id", "-minute", "-id"), name="refusal_by_organization"),
            models.Index(fields=("team_id", "-minute", "-id"), name="refusal_by_team"),
            models.Index(fields=("project_id", "-minute", "-id"), name="refusal_by_project"),
            models.Index(fields=("user_id", "-minute", "-id"), name="refusal_by_user"),
        )

    def __str__(self) -> str:
        return f"{self.minute} {self.status} {self.code} {self.count}"
