"""The MAX Bot API, with this project's partner operations where the account has them."""
