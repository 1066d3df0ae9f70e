"""Django admin for superusers. A scope's group is its people: editing it there would bypass every rule."""

from django.contrib import admin
from django.contrib.auth.models import Group

admin.site.unregister(Group)
