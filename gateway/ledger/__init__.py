"""Money and usage: what budgets have left, what calls cost, and who used what."""
