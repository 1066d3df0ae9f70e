"""Examples for /invitation/* and /onboarding/*."""

from typing import Any

READS: dict[str, str] = {
    "/invitation/info": "?invitation_id={invitation}",
    "/invitation/list": "?team_id={team}",
    "/onboarding/get_token": "?invite_link={link}",
}

WRITES: dict[str, dict[str, Any]] = {
    "/invitation/new": {"user_id": "{person}"},
    "/invitation/update": {"invitation_id": "{invitation}", "duration": "3d"},
    "/invitation/delete": {"invitation_id": "{invitation}"},
    "/onboarding/claim_token": {
        "invitation_link": "{link}",
        "user_id": "{invited}",
        "password": "correct horse battery staple",
    },
}
