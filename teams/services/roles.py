"""The words for roles that callers may use, and the one word that is stored (rulebook, "Roles and words")."""

from django.core.exceptions import ValidationError

from rbacadmin.policy import PLATFORM_ROLES, SCOPED_ROLES

ALIASES = {
    "organization": {"owner": "org_admin", "reader": "internal_user", "member": "internal_user"},
    "team": {"member": "user", "internal_user": "user"},
    "project": {},
    "platform": {"proxy_admin_view_only": "proxy_admin_viewer", "internal_user_view_only": "internal_user_viewer"},
}


def canonical_role(kind: str, word: str) -> str:
    """The stored role for a word, whatever its case; `kind` is a kind of scope, or `platform`.

    Raises ValidationError on anything else, with the accepted words.
    """
    known = PLATFORM_ROLES if kind == "platform" else SCOPED_ROLES[kind]
    folded = word.strip().lower()
    role = ALIASES[kind].get(folded, folded)
    if role not in known:
        accepted = ", ".join([*known, *ALIASES[kind]])
        raise ValidationError({"role": f"'{word}' is no role of a {kind}. Accepted: {accepted}."})
    return role
