"""Takes memory by text that grows.

group: exhaust
expect: stopped
says: memory
"""

def answer(*_):
    text = "x"
    while True:
        text += text
