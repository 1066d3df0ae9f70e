"""Where a project's jobs run, as lines that people write: `team-a cluster:eu-1 queue:gpu accelerator=a100`."""

import json
import shlex
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from orgs.assignments import validate_assignments

WORDS = {"cluster:": "cluster_id", "queue:": "kueue_queue_name"}


def line(entry: dict[str, Any]) -> str:
    """One assignment as a line."""
    words = [entry["namespace"]]
    words += [f"{word}{entry[name]}" for word, name in WORDS.items() if entry.get(name)]
    words += [f"{label['key']}={label['value']}" for label in entry.get("node_selector", [])]
    return shlex.join(words)


def parsed(text: str) -> dict[str, Any]:
    """The assignment that a line means. Raises ValidationError."""
    try:
        namespace, *words = shlex.split(text)
    except ValueError as error:
        raise ValidationError(_("A quotation mark is missing in: %(line)s") % {"line": text}) from error
    entry: dict[str, Any] = {"namespace": namespace}
    for word in words:
        prefix = next((prefix for prefix in WORDS if word.startswith(prefix)), None)
        key, equals, value = word.partition("=")
        if prefix:
            entry[WORDS[prefix]] = word.removeprefix(prefix)
        elif equals:
            entry.setdefault("node_selector", []).append({"key": key, "value": value})
        else:
            raise ValidationError(_("“%(word)s” is neither cluster:, queue: nor label=value.") % {"word": word})
    return entry


class AssignmentsField(forms.CharField):
    """A list of assignments, one a line. What lines cannot say is shown as JSON, and JSON is read as well."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}))
        super().__init__(required=False, max_length=100_000, **options)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        text = "\n".join(map(line, value))
        plain = [{name: item for name, item in entry.items() if item not in ("", [])} for entry in value]
        try:
            same = [parsed(one) for one in text.splitlines()] == plain
        except ValidationError:
            same = False
        return text if same else json.dumps(value, indent=1)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        if self.disabled:
            return value  # what the row holds
        text = (super().clean(value) or "").strip()
        try:
            found = (
                json.loads(text) if text.startswith("[") else [parsed(one) for one in text.splitlines() if one.strip()]
            )
        except ValueError as error:
            raise ValidationError(_("This is neither lines nor JSON.")) from error
        validate_assignments(found)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(data) != self.clean(self.prepare_value(initial or []))
        except ValidationError:
            return True
