"""What frames every page: header, lamp, counters, navigation, notices."""
