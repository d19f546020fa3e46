"""Each attack that reaches out of its process names the layers that stop it, and is right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from llmex.grader.worker import landlock, lockdown, seccomp
from tests.escape.attacks import Attack, corpus
from tests.escape.ground import LAYERS, World, hatch, reaches, users, world

REACHING = [attack for attack in corpus() if attack.layers]
SECOND_OPINION = {"landlock 4": 4, "landlock 6": 6}  # versions since which files' layer helps
pytestmark = pytest.mark.skipif(
    not landlock.version() or not seccomp.available(), reason="this kernel has no such layers"
)


@pytest.fixture(scope="module", params=users())
def there(request: pytest.FixtureRequest) -> Iterator[tuple[str, World]]:
    """A world to break out into, as root and as nobody where the tests run as root."""
    with world(request.param) as made:
        yield request.param, made


def _fits(attack: Attack, user: str) -> None:
    if ("root" in attack.needs and user != "root") or ("user" in attack.needs and user == "root"):
        pytest.skip(f"nothing to gain as {user}")


@pytest.mark.parametrize("attack", REACHING, ids=lambda attack: attack.name)
def test_nothing_gets_out(attack: Attack, there: tuple[str, World]) -> None:
    """With every layer on, no attack reaches what it wants."""
    if "user" in attack.needs:
        _fits(attack, there[0])
    assert not reaches(attack, LAYERS, *there)


@pytest.mark.parametrize("attack", REACHING, ids=lambda attack: attack.name)
def test_the_layers_are_what_stops_it(attack: Attack, there: tuple[str, World]) -> None:
    """Without the layers that it names an attack succeeds, though all others are on."""
    _fits(attack, there[0])
    if not reaches(attack, LAYERS - attack.layers, *there):
        assert attack.needs, "an attack that never succeeds proves nothing"
        pytest.skip(f"this machine has no {', '.join(sorted(attack.needs))}")


@pytest.mark.parametrize("attack", REACHING, ids=lambda attack: attack.name)
def test_each_layer_is_enough(attack: Attack, there: tuple[str, World]) -> None:
    """Where an attack names several layers, any one of them stops it."""
    _fits(attack, there[0])
    if any(landlock.version() < SECOND_OPINION.get(need, 0) for need in attack.needs):
        pytest.skip("this kernel's Landlock does not know of it")
    for layer in attack.layers:
        assert not reaches(attack, (LAYERS - attack.layers) | {layer}, *there), layer


@pytest.mark.parametrize(
    ("without", "tier"),
    [(set(), "T2"), ({"files"}, "T1"), ({"system calls"}, "T1"), ({"limits"}, "T0")],
    ids=["all", "no Landlock", "no seccomp", "no limits"],
)
def test_the_tier_is_what_was_seen(without: set[str], tier: str, there: tuple[str, World]) -> None:
    """A worker that lacks a layer says so by a lower tier."""
    worker = hatch(LAYERS - without, there[0], str(there[1].folder / "hidden"))
    worker._greet()
    worker.close()
    assert worker.tier == tier


def test_a_second_copy_of_llmex_is_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another Python's llmex, below a folder that workers may read, is hidden like our own."""
    place = tmp_path / "python3.99" / "dist-packages"
    for name in ("llmex/solutions", "numpy"):
        (place / name).mkdir(parents=True)
    monkeypatch.setattr(landlock, "interpreter_paths", lambda: [tmp_path])
    landlock._other_copies.cache_clear()
    try:
        hidden = landlock.own_paths()
    finally:
        landlock._other_copies.cache_clear()
    assert place / "llmex" in hidden
    assert landlock.around(tmp_path, hidden) == [place / "numpy"]


def test_what_is_missing_has_names() -> None:
    """What does not hold is told by name, for whoever has to mend a machine."""
    nothing = lockdown.Achieved()
    assert nothing.tier == "T0"
    assert set(nothing.missing) == set(vars(nothing))
