from small.double import double


def total(xs):
    return double(sum(xs))
