"""What the screens of organizations and projects have in common: how one is found, changed, blocked and ended."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from dashboard.counting import Things
from dashboard.listing import Listing
from dashboard.row_forms import RowForm
from rbacadmin.policy import Action, Actor


@dataclass(frozen=True)
class Kind:
    """A kind of scope. Its addresses are named after it: `project-edit`.

    `inside` is what a scope takes along when it is deleted; each thing points at it by a column named like the kind.
    """

    name: str
    rows: QuerySet[Any]
    change: Action
    block: Action
    end: Action
    form: type[RowForm]
    update: Callable[..., Any]
    inside: Things
    listing: Callable[[Actor], Listing[Any]]

    def url(self, verb: str, scope: Any) -> str:
        return reverse(f"{self.name}-{verb}", args=(scope.pk,))

    @property
    def list_url(self) -> str:
        return reverse(f"{self.name}-list")
