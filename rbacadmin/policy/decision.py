"""The answer to one question, with everything a person needs to understand it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from rbacadmin.policy.actions import Action

ScopeKey = tuple[str, UUID]
# Scope kind -> the column that names it, of a row that can stand in any of them.
SCOPE_COLUMNS: dict[str, str] = {"organization": "organization_id", "team": "team_id", "project": "project_id"}


class Reason(NamedTuple):
    """Why something is allowed: a platform role, a role or grant on a scope, or ownership."""

    kind: str  # "platform", "role", "grant" or "owner"
    name: str  # the role, the granted action, or the ownership bundle
    scope: ScopeKey | None = None
    until: datetime | None = None  # when the membership or grant behind it ends by itself; None: never

    def as_dict(self) -> dict[str, str | None]:
        scope = f"{self.scope[0]}:{self.scope[1]}" if self.scope else None
        until = self.until.isoformat() if self.until else None
        return {"kind": self.kind, "name": self.name, "scope": scope, "until": until}


class Limit(NamedTuple):
    """What holds back an actor who would otherwise be allowed (or not): inactive, a cap, or the reach of a key."""

    kind: str  # "inactive", "role_cap", "key_cap" or "reach"
    text: str


@dataclass(frozen=True)
class Decision:
    """One question and its answer. `who_could` names people the asker may see; `roles_that_could` names roles only."""

    allowed: bool
    action: Action
    subject: str
    object: str
    reasons: tuple[Reason, ...] = ()
    limits: tuple[Limit, ...] = ()
    who_could: tuple[str, ...] = ()
    roles_that_could: tuple[str, ...] = ()

    def summary(self) -> str:
        """One sentence for error messages."""
        verb = "may" if self.allowed else "may not"
        where = f" {self.object}" if self.object else ""
        text = f"{self.subject} {verb} {self.action.label}{':' if where else ''}{where}."
        if self.limits and not self.allowed:
            text += " " + " ".join(limit.text for limit in self.limits)
        elif not self.allowed and self.roles_that_could:
            text += f" It takes: {', '.join(self.roles_that_could)}."
        return text

    def as_dict(self) -> dict[str, Any]:
        """The JSON form that 403 bodies and `/access/explain` carry."""
        return {
            "allowed": self.allowed,
            "action": self.action.value,
            "subject": self.subject,
            "object": self.object,
            "reasons": [reason.as_dict() for reason in self.reasons],
            "limits": [{"kind": limit.kind, "text": limit.text} for limit in self.limits],
            "who_could": list(self.who_could),
            "roles_that_could": list(self.roles_that_could),
        }
