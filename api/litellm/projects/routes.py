"""The routes of projects."""

from api.litellm.projects import answers, asks, calls, members
from api.litellm.route import DELETES, DETAIL, GET, POST, READS, UPDATES, Route
from rbacadmin.policy import Action as Do

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("/project/new", POST, Do.CREATE_PROJECTS, asks.ProjectNew, answers.ProjectRow, calls.new, DETAIL,
          "Create a project"),
    Route("/project/update", UPDATES, Do.CHANGE_PROJECTS, asks.ProjectUpdate, answers.ProjectRow, calls.update, DETAIL,
          "Change a project: what is left out is kept, null clears"),
    Route("/project/info", GET, Do.VIEW_PROJECTS, asks.ProjectNamed, answers.ProjectFull, calls.info, DETAIL,
          "A project with its members"),
    Route("/project/list", READS, Do.VIEW_PROJECTS, asks.ProjectFilter, answers.ProjectArray, calls.list_all, DETAIL,
          "All projects that you may see", "array"),
    Route("/project/delete", DELETES, Do.DELETE_PROJECTS, asks.ProjectsNamed, answers.ProjectArray,
          calls.delete, DETAIL, "Delete projects with their keys: all or none"),
    Route("/project/members", GET, Do.VIEW_MEMBERS, asks.ProjectMemberPage, answers.ProjectMembers,
          members.list_page, DETAIL, "The members that you may see", "page_size"),
    Route("/project/member_add", POST, Do.MANAGE_MEMBERS, asks.ProjectMembersNew, answers.ProjectMembersAdded,
          members.add, DETAIL, "Add people to a project"),
    Route("/project/member_update", UPDATES, Do.MANAGE_MEMBERS, asks.ProjectMemberUpdate, answers.ProjectMembership,
          members.update, DETAIL, "Change a member's role"),
    Route("/project/member_delete", DELETES, Do.MANAGE_MEMBERS, asks.ProjectMemberNamed, answers.ProjectMembership,
          members.delete, DETAIL, "Take a person out of a project; their keys in it are archived"),
)
# fmt: on
