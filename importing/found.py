"""What was found elsewhere, in our words, before anything is written: ids are the other gateway's."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rbacadmin.policy import Action

Values = dict[str, Any]  # columns; what the other gateway does not say is not among them


@dataclass
class FoundScope:
    kind: str  # organization, team or project
    ident: str
    name: str
    home: str = ""  # the organization's id
    values: Values = field(default_factory=dict)
    blocked: bool = False
    permissions: frozenset[Action] | None = None  # what members of a team may do with its keys; None: not said


@dataclass
class FoundPerson:
    ident: str
    email: str | None
    role: str
    public_id: str  # as it is kept here
    values: Values = field(default_factory=dict)
    blocked: bool = False


@dataclass
class FoundMember:
    person: str
    kind: str
    scope: str
    role: str
    values: Values = field(default_factory=dict)


@dataclass
class FoundKey:
    ident: str
    public_id: str
    alias: str
    hint: str
    owner: str = ""
    organization: str = ""
    team: str = ""
    project: str = ""
    service: bool = False
    fingerprint: str | None = None  # SHA-256 of the secret, where the other gateway tells it
    expires_at: datetime | None = None
    values: Values = field(default_factory=dict)
    blocked: bool = False


@dataclass(frozen=True)
class Remark:
    """Something that did not come as it was: left out, or brought differently."""

    kind: str
    ident: str
    text: str
    left_out: bool

    def __str__(self) -> str:
        return f"{self.kind} {self.ident}: {self.text}"


@dataclass
class Report:
    """What became of everything: counts by kind and outcome, remarks, and how keys come over."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    remarks: list[Remark] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)  # key's id here -> how its secret comes over

    def count(self, kind: str, outcome: str) -> None:
        self.counts[kind, outcome] += 1

    def note(self, kind: str, ident: str, text: str) -> None:
        """It comes, but not quite as it was."""
        self.remarks.append(Remark(kind, ident, text, left_out=False))

    def leave_out(self, kind: str, ident: str, text: str) -> None:
        """It does not come."""
        self.count(kind, "left out")
        self.remarks.append(Remark(kind, ident, text, left_out=True))


@dataclass
class Found:
    organizations: list[FoundScope] = field(default_factory=list)
    teams: list[FoundScope] = field(default_factory=list)
    projects: list[FoundScope] = field(default_factory=list)
    people: list[FoundPerson] = field(default_factory=list)
    members: list[FoundMember] = field(default_factory=list)
    keys: list[FoundKey] = field(default_factory=list)
    report: Report = field(default_factory=Report)


def short(ident: str) -> str:
    """Six characters that tell two of one name apart, the same ones every time."""
    return hashlib.sha256(ident.encode("utf-8", "surrogatepass")).hexdigest()[:6]
