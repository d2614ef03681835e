"""This machine: its clock, its chance, its processes, its files, its log."""
