from django.urls import path

from dashboard.tasks import views

urlpatterns = [
    path("", views.task_list, name="task-list"),
    path("export/", views.task_export, name="task-export"),
    path("<uuid:pk>/", views.task, name="task"),
    path("<uuid:pk>/file/", views.task_file, name="task-file"),
]
