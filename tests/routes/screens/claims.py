from tests.routes.rule import Rule, page

RULES: dict[str, Rule] = {"ui/settings/claims/": page(403, auditor=200, proxy_admin=200, superuser=200)}
