from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """People, memberships of every kind of scope, teams and invitations."""

    name = "teams"
    verbose_name = "People and teams"

    def ready(self) -> None:
        from rbacadmin import lifecycle
        from teams import sign_in_audit  # noqa: F401  (connects its receivers)
        from teams.services.belonging import add_founder
        from teams.services.closing import close_teams, end_memberships
        from teams.services.moves import carry_people
        from teams.services.sharing import end_shares

        lifecycle.on_open.append(add_founder)
        lifecycle.on_move.append(carry_people)
        lifecycle.on_close += [close_teams, end_shares, end_memberships]
