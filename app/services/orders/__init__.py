"""Order services: watcher, entry, list, search, and the link to customers that write about their order."""
