"""Pedidos: the page on which the shop lives."""
