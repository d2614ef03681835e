"""Message catalog: the sentences that people read, in the language of the shop."""
