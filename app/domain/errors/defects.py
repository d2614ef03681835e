"""Defects: our own rules were broken."""


class ContractViolationError(AssertionError):
    """Our own rules were broken: a defect, loud in tests and in the log."""


class ForbiddenTransitionError(ContractViolationError):
    """A notification was about to move in a way that the state machine does not know."""
