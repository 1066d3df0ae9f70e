from django.urls import path

from dashboard.audit import views

urlpatterns = [
    path("", views.audit_log, name="audit-log"),
    path("export/", views.audit_export, name="audit-export"),
    path("refused/", views.refused_calls, name="refused-calls"),
    path("refused/export/", views.refused_export, name="refused-export"),
]
