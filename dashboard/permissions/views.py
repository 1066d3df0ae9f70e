"""Who may do what: the authorization matrix itself, the one that the tests read."""

from itertools import groupby

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from dashboard.access.views import shown as in_access
from dashboard.permissions.rows import shown
from rbacadmin.http import Request
from rbacadmin.policy import matrix, personas


@require_GET
def permissions(request: Request) -> HttpResponse:
    """The whole matrix, an area a section, with the columns marked that this person plays."""
    mine = personas.played(request.actor)
    areas = [
        {
            "name": called(area),
            "slug": area,
            "rows": [shown(row, mine) for row in rows],
        }
        for area, rows in groupby(matrix.rows(), key=lambda row: row.area)
    ]
    columns = [{"label": personas.LABELS[name], "mine": name in mine} for name in matrix.PERSONAS]
    context = {"areas": areas, "columns": columns, "mine": [one["label"] for one in columns if one["mine"]]}
    return in_access(request, "permissions/permissions.html", context)


def called(area: str) -> str:
    """An area of the matrix in whole words: `organization member`."""
    return area.replace("_", " ").replace("org ", "organization ")
