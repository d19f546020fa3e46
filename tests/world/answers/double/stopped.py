def double(x):
    while True:
        pass


def double_all(xs):
    return xs
