"""The routes of the audit log. There is none that changes it."""

from api.litellm.audit import answers, asks, calls, export
from api.litellm.route import DETAIL, GET, READS, Route
from rbacadmin.policy import Action as Do

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("/audit", READS, Do.VIEW_AUDIT, asks.AuditPage, answers.AuditLogs, calls.list_page, DETAIL,
          "What happened, as far as it concerns you", "page_size"),
    Route("/audit/export", GET, Do.EXPORT_AUDIT, asks.AuditExport, answers.AuditRow, export.export, DETAIL,
          "The audit log as a file, one row a line", media=tuple(export.MEDIA.values())),
    Route("/audit/{id}", GET, Do.VIEW_AUDIT, asks.AuditNamed, answers.AuditRow, calls.info, DETAIL, "One event"),
)
# fmt: on
