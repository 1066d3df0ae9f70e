"""What a service or a look-up may refuse with. Broken rules are Django's own `ValidationError`."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from rbacadmin.policy.decision import Decision


class Refused(Exception):
    """A request that the policy or a guard turned down; recorded once, after the rollback."""

    status = 400
    action: str = ""
    obj: Any = None


class PermissionDenied(Refused, DjangoPermissionDenied):
    """403: the object may be seen, the action may not be done. Carries the decision that says why."""

    status = 403

    def __init__(self, decision: "Decision", obj: Any = None) -> None:
        super().__init__(decision.summary())
        self.decision = decision
        self.action = decision.action
        self.obj = obj


class NotFound(Refused):
    """404: nothing there that this actor may see. `obj` is set, for the audit only, when the row exists."""

    status = 404

    def __init__(self, kind: str, ident: str, *, action: str = "", obj: Any = None) -> None:
        super().__init__(f"No {kind} '{ident}'.")
        self.kind = kind
        self.ident = ident
        self.action = action
        self.obj = obj


class Conflict(Refused):
    """409: a guard (the last admin, a thing in use) or a row that exists already."""

    status = 409

    def __init__(self, message: str, *, code: str = "conflict", obj: Any = None, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.obj = obj
        self.field = field


class WrongPassword(Refused):
    """400: what was given is not the person's current password. On record, because attempts are counted there."""

    field = "current_password"

    def __init__(self, message: str, *, obj: Any = None) -> None:
        super().__init__(message)
        self.obj = obj


class TooMany(Refused):
    """429: too many attempts. `retry_after` in seconds."""

    status = 429

    def __init__(self, message: str, *, retry_after: int, obj: Any = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.obj = obj


class Outlives(Refused, ValidationError):
    """400: what is given would last longer than its giver holds what giving it takes. On record, unlike a typing error.

    `latest` is the last moment that they may name.
    """

    def __init__(self, latest: datetime, *, obj: Any = None, field: str = "expires_at", words: str = "") -> None:
        self.text = f"What lets you do this ends at {latest.isoformat()}, and nobody gives longer than they hold: "
        self.text += words or "name that moment or an earlier one, or ask somebody who holds it longer."
        super().__init__({field: ValidationError(self.text, code="outlives")})
        self.latest = latest
        self.obj = obj

    def __str__(self) -> str:
        return self.text


class Duplicate(ValidationError):
    """A name or a link that exists already; each dialect answers it in its own way (400 or 409)."""

    event: str = ""  # of the attempt, set by the service that raised it, for dialects that answer 409

    def __init__(self, field: str, message: str, *, code: str = "duplicate") -> None:
        super().__init__({field: ValidationError(message, code=code)})
        self.field = field
        self.code = code
