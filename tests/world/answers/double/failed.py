def double(x):
    return x * x


def double_all(xs):
    return [2 * x for x in xs]
