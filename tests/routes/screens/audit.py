"""The audit log: everybody sees some of it, not everybody takes it home."""

from tests.routes.rule import Rule, page

RULES: dict[str, Rule] = {
    "ui/audit/": page(),
    "ui/audit/export/": page(200, loner=403, member=403, there_member=403),
    "ui/audit/refused/": page(),
    "ui/audit/refused/export/": page(200, loner=403, member=403, there_member=403),
}
