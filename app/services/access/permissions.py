"""Answers whether the person at the counter may do what only a manager does."""


def may_lift_opt_out() -> bool:
    """While nobody has a PIN of their own, whoever stands at the counter is trusted with it (X1, X5)."""
    return True
