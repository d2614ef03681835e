"""Maintenance of the database: resealing outdated cells, integrity check, unreadable rows."""
