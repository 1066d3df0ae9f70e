"""Where a project's jobs run: namespaces, each in one cluster or in all, with a queue and labels of nodes."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

MOST = 100  # assignments of a project, and labels of an assignment
LENGTHS = {"cluster_id": 255, "kueue_queue_name": 253}
LABEL_LENGTHS = {"key": 317, "value": 63}  # Kubernetes: a prefix of 253, a slash and a name of 63

dns_label = RegexValidator(
    r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z", "Must be a DNS label: lower-case letters, digits and hyphens, at most 63."
)


def is_dns_label(text: str) -> bool:
    """Whether the text can be a namespace."""
    try:
        dns_label(text)
    except ValidationError:
        return False
    return True


def validate_assignments(value: Any) -> None:
    """Raise ValidationError unless this is a list of `{namespace, cluster_id, kueue_queue_name, node_selector}`.

    `namespace` is needed, `node_selector` is a list of `{key, value}`.
    """
    if not isinstance(value, list) or len(value) > MOST:
        raise ValidationError(f"Must be a list of at most {MOST} assignments.")
    for number, entry in enumerate(value, start=1):
        try:
            validate_assignment(entry)
        except ValidationError as error:
            raise ValidationError(f"Assignment {number}: {error.messages[0]}") from error


def validate_assignment(entry: Any) -> None:
    if not isinstance(entry, dict) or set(entry) - {"namespace", "node_selector", *LENGTHS}:
        raise ValidationError(f"Takes namespace, node_selector, {', '.join(LENGTHS)}.")
    if not isinstance(entry.get("namespace"), str):
        raise ValidationError("Needs a namespace.")
    dns_label(entry["namespace"])
    require_texts(entry, LENGTHS)
    labels = entry.get("node_selector", [])
    if not isinstance(labels, list) or len(labels) > MOST:
        raise ValidationError(f"node_selector must be a list of at most {MOST} labels.")
    for label in labels:
        if not isinstance(label, dict) or set(label) != set(LABEL_LENGTHS) or not label["key"]:
            raise ValidationError("Every label of node_selector has a key and a value.")
        require_texts(label, LABEL_LENGTHS)


def require_texts(entry: dict[str, Any], lengths: dict[str, int]) -> None:
    """Raise ValidationError unless those that are there are texts of at most their length."""
    for name, length in lengths.items():
        text = entry.get(name, "")
        if not isinstance(text, str) or len(text) > length:
            raise ValidationError(f"{name} must be a text of at most {length} characters.")
