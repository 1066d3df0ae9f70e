from tests.routes.rule import Rule, about, page, signed_in
from tests.routes.screens.address import key_url

POST_ONLY = signed_in(405)  # the method is wrong for everybody, before anything is looked up
RULES: dict[str, Rule] = {
    "ui/keys/": page(),
    "ui/keys/new/": page(auditor=403),
    "ui/keys/bulk/": Rule(POST_ONLY),
    "ui/keys/<uuid:pk>/": about(key_url("key-detail")),
    "ui/keys/<uuid:pk>/usage/": about(key_url("key-usage")),
    "ui/keys/<uuid:pk>/history/": about(key_url("key-history")),
    "ui/keys/<uuid:pk>/edit/": about(key_url("key-edit"), member=403, auditor=403),
    "ui/keys/<uuid:pk>/regenerate/": about(key_url("key-regenerate"), member=403, auditor=403),
    "ui/keys/<uuid:pk>/block/": Rule(POST_ONLY, key_url("key-block")),
    "ui/keys/<uuid:pk>/unblock/": Rule(POST_ONLY, key_url("key-unblock")),
    "ui/keys/<uuid:pk>/delete/": about(key_url("key-delete"), member=403, auditor=403),
}
