"""The routes of this dialect."""

from api.llmariner.routes import ROUTES
from api.llmariner.view import OperationView
from api.view import urls_of

urlpatterns = urls_of(ROUTES, lambda route: OperationView, "llmariner")
