"""Rate limits of each sender: the shop's own pace, and the limits that WhatsApp imposes."""
