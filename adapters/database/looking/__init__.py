"""Looking at whole rooms: whose turn it is, what is known of them, and what a look leaves."""
