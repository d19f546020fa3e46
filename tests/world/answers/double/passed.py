def double(x):
    return x + x


def double_all(xs):
    return [x + x for x in xs]
