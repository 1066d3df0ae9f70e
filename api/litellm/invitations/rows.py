"""Invitations as LiteLLM shows them. Whoever may see one sees all of it; the link stands in no row."""

from collections.abc import Iterable
from typing import Any

from api.litellm.translate import record_of, stamp
from teams.models import Invitation

INVITATIONS = Invitation.objects.select_related("user", "organization", "team", "project")


def invitation_rows(rows: Iterable[Invitation]) -> list[dict[str, Any]]:
    """Needs the joins of INVITATIONS."""
    return [
        {
            "id": row.public_id,
            "user_id": row.user.public_id,
            "user_email": row.user.email,
            "organization_id": row.organization.public_id if row.organization else None,
            "team_id": row.team.public_id if row.team else None,
            "project_id": row.project.public_id if row.project else None,
            "is_accepted": row.accepted_at is not None,
            "accepted_at": stamp(row.accepted_at),
            "expires_at": stamp(row.expires_at),
            **record_of(row),
        }
        for row in rows
    ]
