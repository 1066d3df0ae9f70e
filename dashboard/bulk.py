"""Doing one thing to several rows: each row by itself, with a result for each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rbacadmin.errors import Conflict, NotFound, PermissionDenied

AT_ONCE = 200


@dataclass(frozen=True)
class Outcome:
    """What became of one row."""

    label: str
    done: bool
    text: str


def each(idents: Iterable[str], find: Callable[[str], Any], verb: Callable[[Any], Any]) -> list[Outcome]:
    """Find and do, row by row; a refusal of one stops no other. Raises ValidationError for too many at once."""
    wanted = list(dict.fromkeys(idents))
    if not wanted or len(wanted) > AT_ONCE:
        raise ValidationError(_("Choose between 1 and %(count)s rows.") % {"count": AT_ONCE})
    return [outcome_of(ident, find, verb) for ident in wanted]


def outcome_of(ident: str, find: Callable[[str], Any], verb: Callable[[Any], Any]) -> Outcome:
    label = ident
    try:
        row = find(ident)
        label = row.label
        verb(row)
    except PermissionDenied as refused:
        return Outcome(label, False, refused.decision.summary())
    except (Conflict, NotFound) as refused:
        return Outcome(label, False, str(refused))
    except ValidationError as error:
        return Outcome(label, False, " ".join(error.messages))
    return Outcome(label, True, _("done"))
