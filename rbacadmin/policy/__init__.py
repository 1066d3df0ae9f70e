"""Who may do what. One declaration feeds the check, the list, the reverse look-up and the explanation."""

from rbacadmin.policy.actions import Action
from rbacadmin.policy.actor import Actor, Origin
from rbacadmin.policy.decision import Decision, Reason
from rbacadmin.policy.difference import Difference, difference, holdings, holdings_of
from rbacadmin.policy.engine import can, can_somewhere, require, require_all, require_somewhere, sees_all, visible
from rbacadmin.policy.explain import describe, explain, explain_other, meaning
from rbacadmin.policy.find import find
from rbacadmin.policy.lasting import end_within, require_within, until
from rbacadmin.policy.nearest import nearest
from rbacadmin.policy.ownership import Ownership, own
from rbacadmin.policy.page import Numbered, Page, count, counts, numbered, page
from rbacadmin.policy.people import alike, who, who_alike
from rbacadmin.policy.rank import level, outranks, require_not_above, require_rank
from rbacadmin.policy.roles import INITIAL_ORGANIZATION, PLATFORM_ROLES, ROLES, SCOPED_ROLES

__all__ = [
    "INITIAL_ORGANIZATION",
    "PLATFORM_ROLES",
    "ROLES",
    "SCOPED_ROLES",
    "Action",
    "Actor",
    "Decision",
    "Difference",
    "Numbered",
    "Origin",
    "Ownership",
    "Page",
    "Reason",
    "alike",
    "can",
    "can_somewhere",
    "count",
    "counts",
    "describe",
    "difference",
    "end_within",
    "explain",
    "explain_other",
    "find",
    "holdings",
    "holdings_of",
    "meaning",
    "level",
    "nearest",
    "numbered",
    "outranks",
    "own",
    "page",
    "require",
    "require_all",
    "require_not_above",
    "require_rank",
    "require_somewhere",
    "require_within",
    "sees_all",
    "until",
    "visible",
    "who",
    "who_alike",
]
