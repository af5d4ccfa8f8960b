"""The store of linking: requests, codes, sign-ins, phones."""
