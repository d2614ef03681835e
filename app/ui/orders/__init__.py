"""Pedidos: orders page of the window."""
