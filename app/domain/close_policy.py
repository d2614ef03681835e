"""Close causes: what a connection failed on where that lies with the network or this PC."""

from enum import StrEnum


class CloseCause(StrEnum):
    """Cause of a failed connection that says nothing about the account; also the reason code to display."""

    NO_INTERNET = "no_internet"
    NAME_RESOLUTION = "name_resolution"
    REFUSED = "refused"
    CERTIFICATE = "certificate"
    CLOCK = "clock"
    SERVICE_DOWN = "service_down"
