"""Coco Loko Balcão: tells the customers of an açaí shop on WhatsApp how their order is doing."""
