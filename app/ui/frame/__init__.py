"""Frame around the pages: header, connection indicator, counters, notices."""
