"""The learner's folder: lays out stubs, finds answers, and never loses a learner's file."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from llmex.grader import backups as copies
from llmex.grader import progress_file, store
from llmex.grader.backups import Backup
from llmex.grader.catalog import FULL, Course, Exercise, load_course
from llmex.grader.errors import LlmexError
from llmex.grader.exercise import snake
from llmex.grader.progress import Progress, renamed
from llmex.grader.report import Sentence
from llmex.grader.sources import Answer, gather, own_path, read_source, same_code, text_hash
from llmex.grader.yaml_lines import shown

__all__ = [
    "Answer", "Backup", "Started", "Workspace",
    "answer_from_file", "create", "find", "is_free",
]  # fmt: skip

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Started:
    """What `start` laid out: the file to edit, its notes, and whether it is new.

    `stub_hash` is the hash of the stub as the course has it now.
    """

    path: Path
    notes: Path
    created: bool
    stub_hash: str


@dataclass(frozen=True)
class Workspace:
    """A folder with progress.yaml; `root` is absolute."""

    root: Path

    @property
    def progress_path(self) -> Path:
        """The file that makes a folder a workspace."""
        return self.root / progress_file.FILE

    @functools.cached_property
    def _first(self) -> Progress:
        """progress.yaml as it was found; the notice of a repair is in no later reading."""
        return progress_file.load(self.progress_path)

    @functools.cached_property
    def course(self) -> Course:
        """The course that progress.yaml names, else the one that llmex brings along."""
        named = self._first.course
        if named is None:
            return load_course()
        folder = (self.root / Path(named).expanduser()).resolve()
        if not (folder / "exercises" / "course.yaml").is_file():
            raise LlmexError(
                "The course of this workspace is not in {folder}.",
                "Correct the line 'course:' in {file}, or remove it for llmex's own course.",
                folder=shown(folder),
                file=shown(self.progress_path),
            )
        return load_course(folder)

    def progress(self) -> Progress:
        """What the learner has done, under the ids of today."""
        first, now = self._first, progress_file.load(self.progress_path)
        now = dataclasses.replace(now, notice=now.notice or first.notice)
        return self._on_a_track(renamed(now, self.course))

    def update(self, change: Callable[[Progress], Progress]) -> Progress:
        """Change the progress in one piece; LlmexError if it could not be written."""
        course = self.course
        return self._on_a_track(
            progress_file.update(self.progress_path, lambda p: change(renamed(p, course)))
        )

    def _on_a_track(self, progress: Progress) -> Progress:
        """The progress on the default track where its own is none of the course's; it says so."""
        name = progress.track
        if name is None or name in self.course.tracks or name == FULL:
            return progress
        notice = Sentence(
            "This course has no track '{name}' any more: you are on its default track. "
            "`llmex tracks NAME` chooses another.",
            {"name": name},
        )
        return dataclasses.replace(progress, track=None, notice=progress.notice or notice)

    def path(self, exercise: Exercise) -> Path:
        """Where the learner's file of this exercise lies: under an old id, if it was begun so."""
        return own_path(self.root, exercise.module, exercise.id, lambda: exercise.aliases)

    def notes_path(self, exercise: Exercise) -> Path:
        """Where the notes lie, beside the file."""
        return self.path(exercise).with_suffix(".md")

    def start(self, exercise: Exercise, lang: str = "en") -> Started:
        """Lay out stub and notes; a file that is there stays as it is.

        Notes that nobody has written in change to the language.
        """
        path, notes = self.path(exercise), self.notes_path(exercise)
        stub = store.course_text(exercise.stub_path)
        store.make_folder(path.parent)
        _write_if_absent(path.parent / "__init__.py", "")
        with store.locked(self.root / progress_file.HIDDEN / "lock"):
            _lay_notes(exercise, notes, lang)
        created = _write_if_absent(path, stub)
        return Started(path, notes, created, text_hash(stub))

    def answer(self, exercise: Exercise, *, provide: Collection[str] = ()) -> Answer:
        """The learner's answer with what it imports; exercises in `provide` by their stand-ins.

        LlmexError if the file is not there or cannot be read.
        """
        text = read_source(self.path(exercise), below=self.root)
        if text is None:
            raise LlmexError(
                "{file} is not there.",
                "`llmex next {id}` brings the stub, and `llmex restore` lists older copies.",
                file=shown(self.path(exercise)),
                id=exercise.id,
            )
        return gather(self.course, exercise, text, self.root, provide=provide)

    def is_started(self, exercise: Exercise) -> bool:
        """Whether there is a file for it with anything else in it than the stub."""
        text = read_source(self.path(exercise), below=self.root)
        return text is not None and not same_code(text, store.course_text(exercise.stub_path))

    def reset(self, exercise: Exercise) -> Backup | None:
        """Put the stub back; what was there is kept as a backup, None if it was the stub."""
        stub = store.course_text(exercise.stub_path)
        store.make_folder(self.path(exercise).parent)
        _write_if_absent(self.path(exercise).parent / "__init__.py", "")
        return copies.replace(self.root, self.path(exercise), stub.encode())

    def backups(self, exercise: Exercise | None = None) -> tuple[Backup, ...]:
        """The kept copies, newest first; of one exercise or of all."""
        found = copies.listed(self.root)
        if exercise is None:
            return found
        ids = (exercise.id, *exercise.aliases)
        names = {f"{exercise.module}/{snake(id_)}.py" for id_ in ids}
        return tuple(backup for backup in found if backup.file_name in names)

    def restore(self, backup: Backup, exercise: Exercise | None = None) -> Backup | None:
        """Bring a copy back to where `exercise` lies now; what it replaces is kept too."""
        target = self.path(exercise) if exercise else self.root / backup.file_name
        store.make_folder(target.parent)
        return copies.replace(self.root, target, copies.content(backup))


def create(
    path: Path, *, course: Path | None = None, language: str | None = None, track: str | None = None
) -> Workspace:
    """Make a workspace in the folder `path`; nothing that is there is changed.

    Raises LlmexError if it is one already, or if the folder cannot be made or written.
    """
    root = Path(path).expanduser().resolve()
    named = None if course is None else str(Path(course).expanduser().resolve())
    if named is not None:
        load_course(Path(named))
    progress_file.create(
        root / progress_file.FILE, Progress(course=named, language=language, track=track)
    )
    _write_if_absent(root / progress_file.HIDDEN / ".gitignore", "*\n")
    return Workspace(root)


def find(start: Path) -> Workspace:
    """The workspace that `start` lies in; LlmexError if there is none."""
    folder = Path(start).resolve()
    for candidate in (folder, *folder.parents):
        if progress_file.exists(candidate):
            return Workspace(candidate)
    raise LlmexError(
        "There is no workspace in {folder} or above it.",
        "Go to yours; in an empty folder `llmex next` makes one.",
        folder=str(folder),
    )


def is_free(folder: Path, modules: Collection[str] = ()) -> bool:
    """Whether `llmex next` may make a workspace here: nothing is in it that a person put there.

    Hidden entries (.git, .venv) and a virtual environment do not count, except at home, where
    hidden files are a person's own; nor do folders named in `modules`, as in a workspace that
    was copied without its progress.
    """
    try:
        entries = list(folder.iterdir())
    except OSError:
        return False
    if folder.resolve() == Path.home().resolve():
        return not entries
    return all(
        e.name.startswith(".") or (e / "pyvenv.cfg").is_file() or (e.name in modules and e.is_dir())
        for e in entries
    )


def answer_from_file(
    course: Course, exercise: Exercise, path: Path, workspace: Workspace | None = None
) -> Answer:
    """The answer in any file; its imports come from the workspace, if there is one."""
    text = read_source(path)
    if text is None:
        raise LlmexError(
            "There is no file {file}.", "Correct the path after --file.", file=shown(path)
        )
    return gather(course, exercise, text, None if workspace is None else workspace.root)


def _lay_notes(exercise: Exercise, notes: Path, lang: str) -> None:
    source = exercise.notes_path(lang)
    if not source.is_file():
        return
    text = store.course_text(source)
    if _write_if_absent(notes, text) or notes.is_symlink() or not notes.is_file():
        return
    others = (exercise.notes_path(other) for other in LANGUAGES)
    untouched = {path.read_bytes() for path in others if path.is_file()}
    if notes.read_bytes() in untouched - {text.encode()}:
        store.write_whole(notes, text.encode())


def _write_if_absent(path: Path, text: str) -> bool:
    """Whether the file was written; one that is there stays."""
    try:
        store.write_new(path, text.encode())
    except FileExistsError:
        return False
    return True
