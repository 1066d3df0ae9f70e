"""What a manifest can be refused with, and why one waits."""

from collections.abc import Sequence
from typing import NamedTuple

from django.core.exceptions import ValidationError

REQUIRED, INVALID, UNSUPPORTED = "FieldValueRequired", "FieldValueInvalid", "FieldValueNotSupported"
DUPLICATE, FORBIDDEN, UNKNOWN = "FieldValueDuplicate", "FieldValueForbidden", "FieldValueUnknown"


class Cause(NamedTuple):
    """One mistake: where (`spec.teamRef.name`), what, and Kubernetes' word for the sort of mistake."""

    field: str
    message: str
    reason: str = INVALID

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


class Invalid(ValidationError):
    """A manifest with mistakes: all of them at once."""

    def __init__(self, causes: Sequence[Cause]) -> None:
        super().__init__([str(cause) for cause in causes])
        self.causes = tuple(causes)


class Waiting(Exception):
    """Something that a manifest refers to is not there: it is kept, and waits. `reason` is that of its condition."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason, self.message = reason, message
