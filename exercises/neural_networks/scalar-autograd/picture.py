"""The graph of one neuron, with the numbers and the slopes that your engine finds."""

from neural_networks.scalar_autograd import Value


def picture():
    """tanh(x·w + b), node by node: its number, and the slope of the result in it."""
    x, w, b = Value(2.0), Value(-0.5), Value(1.5)
    product = x * w
    total = product + b
    out = total.tanh()
    out.backward()
    named = [
        ("x", x), ("w", w), ("x·w", product), ("b", b), ("x·w + b", total), ("tanh(x·w + b)", out)
    ]  # fmt: skip
    return [
        {
            "kind": "graph",
            "title": {
                "en": "A neuron: each number, and the slope of the result in it",
                "zh": "一个神经元：每个数，以及结果对它的斜率",
            },
            "nodes": [f"{name} = {v.data:.3g}   ∂ {v.grad:.3g}" for name, v in named],
            "edges": [(0, 2), (1, 2), (2, 4), (3, 4), (4, 5)],
        }
    ]
