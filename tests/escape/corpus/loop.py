"""Never ends.

group: exhaust
expect: stopped
says: processor time
exercise: impossible-tensors
"""

def answer(*_):
    while True:
        pass
