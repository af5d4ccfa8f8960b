"""Guards against floods by mistake, out of chats and into them. What speaks of one child is nobody's flood."""
