"""The wordings of the messages."""
