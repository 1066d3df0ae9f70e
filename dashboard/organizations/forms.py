"""The form of an organization."""

from typing import ClassVar

from dashboard.scopes.forms import ScopeForm


class OrganizationForm(ScopeForm):
    """An organization's name, tags and limits."""

    label_of_row: ClassVar[str] = "orgs.Organization"
