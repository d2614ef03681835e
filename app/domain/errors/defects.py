"""Defects: our own rules were broken."""


class ContractViolationError(AssertionError):
    """Violation of our own rules: a defect, loud in tests and in the log."""


class ForbiddenTransitionError(ContractViolationError):
    """Transition of a notification that the state machine does not allow."""
