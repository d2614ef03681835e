"""Settings of the shop: the values of all sources, changed on screen by the manager."""
