"""Writing what was taken in and planned. Each class has the tables of one thing."""
