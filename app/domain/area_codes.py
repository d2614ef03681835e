"""Area codes of Brazil's telephone numbers."""

from typing import Final

# The 67 area codes in use.
AREA_CODES: Final = tuple(
    f"{ten}{one}"
    for ten, ones in {
        1: "123456789",
        2: "12478",
        3: "1234578",
        4: "123456789",
        5: "1345",
        6: "123456789",
        7: "134579",
        8: "123456789",
        9: "123456789",
    }.items()
    for one in ones
)
