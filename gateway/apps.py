from django.apps import AppConfig


class GatewayConfig(AppConfig):
    """Models, model access groups, admission, budgets and usage."""

    name = "gateway"
    verbose_name = "Gateway"

    def ready(self) -> None:
        from gateway import checks, ownerships  # noqa: F401  (checks register themselves)
        from gateway.admission import soft_budgets
        from gateway.admission.changing import forget_changed
        from gateway.admission.decision_log import forget_old
        from gateway.admission.evict import evict_all
        from gateway.admission.sweeping import sweep
        from gateway.ledger.recording import recorder
        from gateway.ledger.retention import forget_calls
        from gateway.moves import carry_models
        from keys.maintenance import JOBS
        from keys.tokens import verification
        from rbacadmin import lifecycle, model_names
        from rbacadmin.policy import Action, own
        from rbacadmin.policy.ownership import owner_only

        lifecycle.on_change.append(forget_changed)
        lifecycle.on_move.append(carry_models)
        model_names.readers.append(ownerships.groups_now)
        ownerships.register()
        JOBS["old refusals forgotten"] = forget_old
        JOBS["old calls forgotten"] = forget_calls
        own("gateway.RefusalCount", *owner_only("user_id", frozenset({Action.VIEW_AUDIT})))
        verification.on_rotation.append(evict_all)
        recorder.on_written.append(soft_budgets.notice)
        recorder.each_round.append(sweep)
