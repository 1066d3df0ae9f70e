"""Times as Kubernetes writes them."""

from datetime import UTC, datetime


def stamp(moment: datetime | None) -> str | None:
    """UTC, to the second."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
