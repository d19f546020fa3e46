"""The commands that look around: status, list, tracks, data."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmex.cli.session import Session
from llmex.grader.errors import LlmexError

if TYPE_CHECKING:
    from llmex.cli.screens.course import Row, Standing

STATES = ("passed", "started", "new")
Track = Annotated[str | None, typer.Option("--track", metavar="NAME")]
Name = Annotated[str | None, typer.Argument(metavar="NAME")]


def status_(ctx: typer.Context) -> int:
    """Show how far the learner is."""
    from llmex.cli.screens import course as screen

    session: Session = ctx.obj
    session.workspace  # noqa: B018  an error where there is none
    at = _standing(session)
    session.emit(
        course=session.course.title_in(session.lang),
        track=session.progress.track or session.course.default_track,
        passed=at.passed,
        of=at.total,
        modules=[{"title": t, "passed": p, "of": n} for t, (p, n) in at.modules.items()],
        current=at.now or None,
        stale=list(at.stale),
        older=list(at.older),
        new_stub=list(at.renewed),
    )
    say = session.words.say
    page = screen.standing(session.words, at, plain=session.plain)
    open_ = at.now and not session.progress.done(at.now)
    if open_:
        page.next((say("next.check"), "llmex check", ""))
    else:
        page.next((say("next.go-on"), "llmex next", ""))
    session.show(page)
    return 0


def _standing(session: Session) -> Standing:
    """How much of each module has passed: of the track, and whatever else has."""
    from llmex.cli.screens.course import Standing
    from llmex.cli.tasks import state_of

    course, progress = session.course, session.progress
    name = progress.track or course.default_track
    path = set(course.track(name))
    modules = {}
    for module in course.modules:
        counted = [e for e in module.exercises if e in path or progress.done(e)]
        if counted:
            done = sum(progress.done(e) for e in counted)
            modules[session.title(module.title)] = (done, len(counted))
    now = progress.current or ""
    now = now if now in course.module_of else ""
    facts: tuple[str, ...] = ()
    if now:
        this, _ = course.attempt(now)
        facts = (this and state_of(session, this)) or (session.words.say("status.not-yet"),)
    track = session.words.say("status.track", track=name)
    from llmex.grader.standing import renewed, stale

    root = session.workspace.root
    changed, fresh = stale(course, root, progress), renewed(course, root, progress)
    return Standing(
        course.title_in(session.lang),
        track,
        modules,
        now,
        facts,
        opens=_opens(session, path),
        stale=tuple(e for e in course.ids if e in changed),
        older=tuple(e for e in course.ids if e not in changed and _is_older(session, e)),
        renewed=tuple(e for e in course.ids if e in fresh),
    )


def _is_older(session: Session, id_: str) -> bool:
    from llmex.grader.progress import is_older

    entry = session.progress.entry(id_)
    if entry is None or not entry.done:
        return False
    exercise, _ = session.course.attempt(id_)
    return exercise is not None and is_older(entry, exercise.version)


def _opens(session: Session, ids: Collection[str]) -> dict[str, str]:
    """For each module, by title, the later ones with an exercise that needs one of its own."""
    course = session.course
    found: dict[str, dict[str, None]] = {}
    for id_ in course.ids:
        exercise, _ = course.attempt(id_) if id_ in ids else (None, ())
        for need in exercise.needs if exercise else ():
            earlier, later = course.module_of.get(need), course.module_of[id_]
            if earlier and earlier != later:
                found.setdefault(earlier, {})[later] = None
    titles = {module.id: session.title(module.title) for module in course.modules}
    return {titles[module]: ", ".join(later) for module, later in found.items()}


def list_(
    ctx: typer.Context,
    track: Track = None,
    module: Annotated[str | None, typer.Option("--module", metavar="NAME")] = None,
    status: Annotated[str | None, typer.Option("--status", metavar="STATE")] = None,
) -> int:
    """Show the exercises in order."""
    from llmex.cli.screens import course as screen

    session: Session = ctx.obj
    ids = _ids(session, track, module)
    stale = _stale(session)
    rows = [row for row in (_row(session, e, stale) for e in ids) if status in (None, row.state)]
    if status and status not in STATES:
        raise LlmexError(
            "--status takes passed, started or new, not '{value}'.",
            "For example:  llmex list --status started",
            value=status,
        )
    if session.flags.json:
        session.emit(exercises=[_facts(session, row.id) for row in rows])
    course = session.course.title_in(session.lang)
    page = screen.exercises(session.words, course, rows, plain=session.plain)
    say = session.words.say
    if session.progress.current:
        page.next((say("next.go-on"), "llmex next", ""), (say("next.skip"), "llmex next ID", ""))
    else:
        page.next((say("next.begin"), "llmex next", ""), (say("next.look"), "llmex show ID", ""))
    session.show(page)
    return 0


def _facts(session: Session, id_: str) -> dict[str, Any]:
    from llmex.cli.tasks import facts_of

    exercise, errors = session.course.attempt(id_)
    if exercise is None:
        return {"id": id_, "error": session.words.sentence(errors[0].problem)}
    return facts_of(session, exercise)


def _ids(session: Session, track: str | None, module: str | None) -> tuple[str, ...]:
    course = session.course
    ids = course.track(track) if track else course.ids
    if module is None:
        return ids
    known = [m.id for m in course.modules]
    near = [name for name in known if module.replace("-", "_") in name]
    if module not in known and len(near) != 1:
        raise LlmexError(
            "There is no module '{name}'.",
            "This course has {modules}.",
            name=module,
            modules=", ".join(known),
        )
    wanted = module if module in known else near[0]
    return tuple(e for e in ids if course.module_of[e] == wanted)


def _stale(session: Session) -> Collection[str]:
    """The passed exercises that have changed since; none where there is no workspace."""
    from llmex.grader.standing import stale

    workspace = session.maybe_workspace
    return stale(session.course, workspace.root, session.progress) if workspace else ()


def _row(session: Session, id_: str, stale: Collection[str]) -> Row:
    """One exercise of the list; one whose metadata is broken is there by its name."""
    from llmex.cli.screens.course import Row

    exercise, _ = session.course.attempt(id_)
    entry = session.progress.entry(id_)
    done = session.progress.done(id_)
    state = "passed" if done else "started" if entry else "new"
    note = f"{entry.passed}/{entry.of}" if entry and entry.of and not done else ""
    note = session.words.say("list.changed") if id_ in stale else note
    return Row(
        id_,
        exercise.title_in(session.lang) if exercise else "",
        session.module_title(id_),
        state,
        exercise.minutes if exercise else 0,
        exercise.difficulty if exercise else 0,
        id_ == session.progress.current,
        note,
    )


def tracks_(ctx: typer.Context, name: Name = None) -> int:
    """Show the tracks, or change to one."""
    import dataclasses

    from llmex.cli.screens.course import Path, paths

    session: Session = ctx.obj
    course = session.course
    if name:
        course.track(name)
        session.record(lambda progress: dataclasses.replace(progress, track=name))
    now = session.progress.track or course.default_track
    found = []
    for key in dict.fromkeys([*course.tracks, "full"]):
        ids = course.track(key)
        titles = course.tracks[key].title if key in course.tracks else None
        title = session.title(titles) if titles else session.words.say("track.full")
        done = sum(session.progress.done(e) for e in ids)
        found.append(Path(key, title, done, len(ids), key == now))
    session.emit(track=now, tracks=[vars(path) for path in found])
    session.show(paths(session.words, found, changed=bool(name), plain=session.plain))
    return 0


def data_(ctx: typer.Context, name: Name = None) -> int:
    """Show where the course's data are: all of them, or the path of one."""
    from llmex.cli.screens.course import files

    session: Session = ctx.obj
    folder = session.course.root / "exercises" / "data"
    found = {p.name: p for p in sorted(folder.iterdir())} if folder.is_dir() else {}
    found = {n: p for n, p in found.items() if not n.startswith((".", "__"))}
    if name:
        matches = [n for n in found if name in (n, n.partition(".")[0])]
        if not matches:
            raise LlmexError(
                "There are no data named '{name}'.", "`llmex data` shows what there is.", name=name
            )
        found = {matches[0]: found[matches[0]]}
    session.emit(data={n: str(p) for n, p in found.items()})
    session.show(files(session.words, found, alone=bool(name), plain=session.plain))
    return 0
