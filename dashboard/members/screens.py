"""What the members fragment shows, seen through the policy."""

from typing import Any

from dashboard.listing import in_words
from dashboard.members.forms import AddMemberForm
from dashboard.members.place import Place, named
from dashboard.spending import with_spend
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from rbacadmin.views import seen_owners

SHOWN = 50
SUMMED_UP = 6  # on an overview


def members_context(
    request: Request, place: Place, scope: Any, *, form: AddMemberForm | None = None, error: str = ""
) -> dict[str, Any]:
    """The members fragment: the rows this person may see, newest first, and the form to add one."""
    query = request.GET.get("q", "")
    rows = named(place.members(scope), query)
    page = policy.page(request.actor, Action.VIEW_MEMBERS, rows, after=request.GET.get("after"), size=SHOWN)
    roles = place.roles
    matching = policy.visible(request.actor, Action.VIEW_MEMBERS, rows)
    return {
        "scope": scope,
        "place": place,
        "list": {"total": in_words(policy.count(matching))},
        "page": page,
        "members": with_spend(request.actor, page.items),
        "seen_people": seen_owners(request.actor, page.items),
        "form": form or AddMemberForm(roles=roles),
        "roles": roles,
        "q": query,
        "searchable": bool(query or page.next_cursor or request.GET.get("after")),
        "error": error,
    }


def summary(request: Request, place: Place, scope: Any) -> dict[str, Any]:
    """The newest members for the overview of a scope, as far as this person may see them. 3 queries."""
    seen = policy.visible(request.actor, Action.VIEW_MEMBERS, place.members(scope))
    members = list(seen.order_by("-created_at", "-pk")[:SUMMED_UP])
    return {
        "members": members,
        "member_count": seen.count(),
        "members_url": place.url(scope),
        "seen_people": seen_owners(request.actor, members),
    }
