"""What calls used, and what processes have been lent to admit calls with."""

from django.db import models


class Lease(models.Model):
    """Money of a budget that one process may admit calls with, without asking again.

    `amount` is what the process still has of it: free, reserved by its calls in flight, or spent and not written yet.
    Below zero when calls cost more than was reserved for them. A process that lives renews its leases; what a dead one
    held is taken back when `expires_at` has passed.
    """

    object_id = models.UUIDField()
    process = models.UUIDField()
    amount = models.BigIntegerField(default=0, help_text="nano-dollars")
    expires_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("object_id", "process"), name="lease_unique"),)
        indexes = (models.Index(fields=("process",), name="lease_by_process"),)

    def __str__(self) -> str:
        return f"{self.object_id} {self.process} {self.amount}"
