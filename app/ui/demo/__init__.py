"""Widgets of a training: the simulated customers' phones and the rush of orders."""
