"""The VK API, by the user token of a school's service account."""
