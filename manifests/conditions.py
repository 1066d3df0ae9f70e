"""Whether what a manifest declares is so."""

from typing import Any

from django.utils import timezone

from manifests.errors import Waiting
from manifests.models import Manifest
from manifests.moments import stamp

READY = "Ready"
READY_MESSAGE = "It is as declared."


def conditions_of(manifest: Manifest) -> list[dict[str, Any]]:
    """Ready: True, or False with the reason and what would help."""
    ready = not manifest.reason
    return [
        {
            "type": READY,
            "status": "True" if ready else "False",
            "reason": READY if ready else manifest.reason,
            "message": READY_MESSAGE if ready else manifest.message,
            "lastTransitionTime": stamp(manifest.changed_at or manifest.created_at),
            "observedGeneration": manifest.generation,
        }
    ]


def waits(manifest: Manifest, waiting: Waiting) -> None:
    """It is not ready, because of this."""
    if not manifest.reason:
        manifest.changed_at = timezone.now()
    manifest.reason, manifest.message = waiting.reason[:64], waiting.message


def is_ready(manifest: Manifest) -> None:
    """It is as declared."""
    if manifest.reason:
        manifest.changed_at = timezone.now()
    manifest.reason, manifest.message = "", ""
