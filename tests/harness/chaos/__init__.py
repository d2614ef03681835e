"""Kill runs of the program among faults; accepted clicks are counted at the customers' phones."""
