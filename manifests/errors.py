"""What a manifest can be refused with, and why one waits."""

from collections.abc import Sequence
from typing import NamedTuple

from django.core.exceptions import ValidationError

from rbacadmin.errors import Refused

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


class Mistake(NamedTuple):
    """Something wrong in a file of manifests; line 0 is the file as a whole."""

    file: str
    line: int
    message: str
    status: int = 400  # as HTTP counts

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class Mistaken(ValidationError):
    """Manifests of which at least one cannot be applied: all that is wrong with all of them. Nothing was written."""

    def __init__(self, found: Sequence[Mistake], refusals: Sequence[Refused] = ()) -> None:
        super().__init__([str(mistake) for mistake in found])
        self.found, self.refusals = tuple(found), tuple(refusals)

    @property
    def status(self) -> int:
        """That of all of them; 400 where they differ."""
        (first, *others) = {mistake.status for mistake in self.found} or {400}
        return 400 if others else first


class Waiting(Exception):
    """Something that a manifest refers to is not there: it is kept, and waits. `reason` is that of its condition."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason, self.message = reason, message
