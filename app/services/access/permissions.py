"""Permission checks for actions of a manager."""


def may_lift_opt_out() -> bool:
    """Allow lifting an opt-out to every person at the counter, before PINs exist (X1, X5)."""
    return True


def may_change_settings() -> bool:
    """Allow a manager's settings to every person at the counter, before PINs exist (X5)."""
    return True
