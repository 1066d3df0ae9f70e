"""Every page that the dashboard has, for walking through."""

from typing import NamedTuple


class Place(NamedTuple):
    """A page, and the heading by which it is known."""

    address: str
    heading: str


ACCOUNT = (
    Place("/accounts/password/change/", "Change password"),
    Place("/accounts/2fa/", "Second factor"),
    Place("/accounts/sessions/", "Sessions"),
    Place("/accounts/logout/", "Sign out?"),
)
LISTS = (
    Place("/ui/organizations/", "Organizations"),
    Place("/ui/organizations/?q=nothing-of-that-name", "Organizations"),
    Place("/ui/teams/", "Teams"),
    Place("/ui/keys/", "Keys"),
)
