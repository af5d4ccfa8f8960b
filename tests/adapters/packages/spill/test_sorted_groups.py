"""What is sorted is gone along once, beside keys in their order."""

from __future__ import annotations

from adapters.packages.spill.sorted_groups import SortedGroups


def test_what_follows_is_found_for_keys_asked_for_in_their_order() -> None:
    following = SortedGroups([("a", 1), ("a", 2), ("c", 3), ("d", 4)], key=lambda pair: pair[0])
    assert [[number for _, number in following.of(key)] for key in "abd"] == [[1, 2], [], [4]]
