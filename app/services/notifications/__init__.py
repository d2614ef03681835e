"""The queue of messages owed to customers."""
