"""Never ends.

group: exhaust
expect: stopped
says: processor time
exercise: plain
"""

def array():
    while True:
        pass
