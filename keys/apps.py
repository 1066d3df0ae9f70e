from django.apps import AppConfig


class KeysConfig(AppConfig):
    """What a caller presents: virtual keys and tokens."""

    name = "keys"
    verbose_name = "Virtual keys"

    def ready(self) -> None:
        from keys import closing, moves, services, terminals
        from rbacadmin import lifecycle

        lifecycle.on_leave.append(services.archive_keys_of_leaver)
        lifecycle.on_move.append(moves.carry_keys)
        lifecycle.on_sign_out.append(terminals.end_terminals_of)
        lifecycle.on_part.append(closing.archive_keys_of)
        lifecycle.on_close.append(closing.archive_keys_in)
