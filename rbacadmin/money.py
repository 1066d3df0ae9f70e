"""Money is an integer of nano-dollars inside, a Decimal at the edges. All arithmetic on it stands here."""

from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation

from django.core.exceptions import ValidationError

NANO = 1_000_000_000
PER_TOKENS = 1_000_000  # prices are nano-dollars for this many tokens
MAX_NANO = 9_000_000_000_000_000_000  # below the largest bigint: nine billion dollars


def to_nano(amount: Decimal | float | int | str) -> int:
    """Dollars to nano-dollars; a float is read as it prints.

    Raises ValidationError when negative, not finite or too large.
    """
    try:
        value = Decimal(str(amount))
    except InvalidOperation as error:
        raise ValidationError("Must be an amount in dollars.") from error
    if not value.is_finite():
        raise ValidationError("Must be a finite amount in dollars.")
    if value < 0:
        raise ValidationError("Must not be negative.")
    if value > MAX_NANO // NANO:
        raise ValidationError("Must be at most nine billion dollars.")
    return int((value * NANO).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def charge(*parts: tuple[int, int]) -> int:
    """Nano-dollars for tokens at their prices per million: `charge((prompt_tokens, price), ...)`.

    The parts are added up exactly and rounded up once, to the next nano-dollar: a call that costs something is never
    free.
    """
    return -(-sum(tokens * price for tokens, price in parts) // PER_TOKENS)


def to_decimal(nano: int) -> Decimal:
    """Nano-dollars to dollars, exactly."""
    return Decimal(nano) / NANO


def to_number(nano: int | None) -> float | None:
    """Nano-dollars to the JSON number that LiteLLM's clients expect."""
    return None if nano is None else float(to_decimal(nano))


def brief(nano: int) -> str:
    """Nano-dollars for tables: as `show`, with at most four significant digits below a cent."""
    return show(nano, digits=4)


def show(nano: int, *, digits: int = 28) -> str:
    """Nano-dollars for people: cents, or as many (significant) digits as a tiny amount needs."""
    dollars = to_decimal(nano)
    if dollars and abs(dollars) < Decimal("0.01"):
        return f"${Context(prec=digits).plus(dollars).normalize():f}"
    return f"${dollars:,.2f}"
