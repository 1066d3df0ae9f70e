"""Where people are managed: one set of screens for organizations, projects and teams."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from rbacadmin.http import Request
from rbacadmin.policy import Action
from rbacadmin.policy.roles import distinct_roles
from teams.models import Membership, role_label, role_meaning

Context = Callable[[Request, Any], dict[str, Any]]


@dataclass(frozen=True)
class Place:
    """A kind of scope, and the page on which its members stand.

    `page` is the name of that page's address, `template` the page, `frame` what all pages about
    such a scope extend, and `context` what they need besides.
    """

    kind: str
    rows: QuerySet[Any]
    see: Action
    page: str
    template: str
    frame: str
    context: Context

    def url(self, scope: Any) -> str:
        """The page with the members."""
        return reverse(self.page, args=(scope.pk,))

    def members(self, scope: Any) -> QuerySet[Membership]:
        """The people of the scope, without those of what is in it."""
        return Membership.objects.filter(group_id=scope.group_id).select_related("user", self.kind)

    @property
    def members_url(self) -> str:
        """The name of the address of the fragment; those of one member follow."""
        return f"{self.kind}-members"

    @property
    def bulk_url(self) -> str:
        return f"{self.kind}-members-bulk"

    @property
    def member_url(self) -> str:
        return f"{self.kind}-member"

    @property
    def edit_url(self) -> str:
        return f"{self.kind}-member-edit"

    @property
    def remove_url(self) -> str:
        return f"{self.kind}-member-remove"

    @property
    def roles(self) -> list[dict[str, str]]:
        """The roles that differ in what they mean here, the smallest first."""
        return [
            {"value": role, "label": role_label(self.kind, role), "meaning": role_meaning(self.kind, role)}
            for role in distinct_roles(self.kind)
        ]


def named(rows: QuerySet[Membership], text: str) -> QuerySet[Membership]:
    """The members whose name or address contains the text."""
    wanted = text.replace("\0", "").strip()[:100]
    return rows.filter(Q(user__email__icontains=wanted) | Q(user__name__icontains=wanted)) if wanted else rows
