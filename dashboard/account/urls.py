from django.urls import path

from dashboard.account import address_views, terminal_views, views

urlpatterns = [
    path("", views.profile, name="own-profile"),
    path("password/", views.password, name="own-password"),
    path("email/<str:token>/", address_views.confirm, name="own-address"),
    path("keys/", views.keys, name="own-keys"),
    path("terminal/", terminal_views.terminals, name="own-terminals"),
    path("terminal/answer/", terminal_views.answer, name="own-terminal-answer"),
    path("terminal/<uuid:pk>/end/", terminal_views.end, name="own-terminal-end"),
    path("invitations/", views.invitations, name="own-invitations"),
]
