"""Single calls are kept for a while; the sums of their days for good."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from gateway.ledger.models import CountedName, Usage

AT_ONCE = 10_000  # rows in one transaction: nobody waits for a long one


def forget_calls() -> int:
    """Delete the calls that ended longer ago than they are kept for; gives how many. Names of past days go along."""
    CountedName.objects.filter(day__lt=timezone.now().date()).delete()
    before, gone = timezone.now() - timedelta(days=settings.USAGE_KEPT_DAYS), 0
    while ids := list(Usage.objects.filter(ended_at__lt=before).order_by("ended_at").values_list("pk")[:AT_ONCE]):
        gone += Usage.objects.filter(pk__in=[pk for (pk,) in ids]).delete()[0]
    return gone
