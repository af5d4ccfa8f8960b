"""A school out of nothing, a term of its life, and the whole product around it in one process."""
