"""The use cases of the product; no Qt, no SQL, no HTTP."""
