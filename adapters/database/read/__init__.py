"""What the registry is asked, answered from the database. One query object a file, over one reading connection; nothing
here writes.
"""
