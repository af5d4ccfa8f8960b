"""The pages of a person: signed in by the school's system, they see their chats, link an account and unlink it."""
