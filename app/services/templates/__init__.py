"""Message templates: wording in force and values of an order."""
