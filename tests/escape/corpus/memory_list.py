"""Takes memory bit by bit.

group: exhaust
expect: stopped
says: memory
"""

def answer(*_):
    out = []
    while True:
        out.append(bytearray(1 << 20))
