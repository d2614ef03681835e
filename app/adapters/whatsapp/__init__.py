"""Messenger adapter: WhatsApp through one supervised Node sidecar per session, over JSON-RPC."""
