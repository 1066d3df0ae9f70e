"""Examples for /manifests/*."""

from typing import Any

TEAM = "apiVersion: auth.litellm.ai/v1alpha1\nkind: Team\nmetadata:\n  name: example\nspec:\n  teamAlias: example\n"

READS: dict[str, str] = {
    "/manifests": "?kind=team",
}

WRITES: dict[str, dict[str, Any]] = {
    "/manifests/plan": {"files": [{"name": "team.yaml", "content": TEAM}]},
    "/manifests/apply": {"files": [{"name": "team.yaml", "content": TEAM}]},
}
