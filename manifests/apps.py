from django.apps import AppConfig


class ManifestsConfig(AppConfig):
    """Manifests: rows under names, with labels and conditions, as kubectl and files have them."""

    name = "manifests"
    verbose_name = "Manifests"

    def ready(self) -> None:
        from keys.maintenance import JOBS
        from manifests import key_secrets
        from manifests.healing import heal_waiting
        from manifests.kinds import DECLARED_ACTIONS
        from rbacadmin import lifecycle
        from rbacadmin.policy import own
        from rbacadmin.policy.ownership import owner_only

        JOBS["secrets of keys forgotten"] = key_secrets.forget
        lifecycle.on_change.append(heal_waiting)
        own("manifests.Manifest", *owner_only("creator_user_id", DECLARED_ACTIONS))
