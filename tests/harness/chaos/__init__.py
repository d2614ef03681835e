"""The program among kills and faults: what it accepted is counted at the customers' phones."""
