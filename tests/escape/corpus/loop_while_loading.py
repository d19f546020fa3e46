"""Never gets loaded.

group: exhaust
expect: stopped
"""

while True:
    pass
