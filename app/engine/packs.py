"""The shelf: every version of every definition with the frameworks it uses, read from YAML once."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from pydantic import BaseModel, ValidationError

from app.engine.areas import Areas
from app.engine.definition import WorkflowDefinition
from app.engine.frameworks import refuse_loose_ends
from app.engine.machine import Engine
from app.engine.mandates import Mandates
from app.engine.principles import Principles
from app.engine.questionnaires import Questionnaire
from app.engine.vocabulary import Vocabulary
from app.engine.words import Lexicon, refuse_strange_codes
from app.kit.errors import Invalid, NotFound

M = TypeVar("M", bound=BaseModel)
FOLDERS = {
    "questionnaire": "questionnaires",
    "principles": "principles",
    "areas": "areas",
    "mandates": "mandates",
}


@dataclass(frozen=True)
class Pack:
    """One version of a definition with its frameworks, compiled.

    `sha256` covers every file that decides; `words` only suggests, is not part of it, and is always
    the newest that speaks of these areas.
    """

    definition: WorkflowDefinition
    version: int
    sha256: str
    engine: Engine
    areas: Areas
    principles: Principles
    questionnaire: Questionnaire
    mandates: Mandates
    files: tuple[Path, ...]
    words: Lexicon
    words_label: str

    @property
    def name(self) -> str:
        """The name of the definition."""
        return self.definition.name

    @property
    def label(self) -> str:
        """Name and version as definitions write them: `needs_assessment@1`."""
        return f"{self.name}@{self.version}"


class Shelf:
    """All packs, by name and version."""

    def __init__(self, packs: list[Pack]) -> None:
        """Put the packs on the shelf."""
        self._packs = {(pack.name, pack.version): pack for pack in packs}

    def __iter__(self) -> Any:
        """Go through the packs by name and version."""
        return iter(pack for _, pack in sorted(self._packs.items()))

    def get(self, name: str, version: int) -> Pack:
        """Return one pack. Raises NotFound."""
        try:
            return self._packs[(name, version)]
        except KeyError:
            raise NotFound("workflow.unknown", f"There is no workflow {name}@{version}.") from None

    def latest(self, name: str) -> Pack:
        """Return the highest version of a definition. Raises NotFound."""
        versions = [version for held, version in self._packs if held == name]
        return self.get(name, max(versions, default=0))


def load_shelf(folder: Path, vocabulary: Vocabulary) -> Shelf:
    """Read every definition under `folder`/definitions with all that it uses.

    Raises Invalid with the file and the reason, so that a bad file stops the start-up.
    """
    files = sorted((folder / "definitions").glob("*/v*.yaml"))
    return Shelf([load_pack(folder, file, vocabulary) for file in files])


def load_pack(folder: Path, file: Path, vocabulary: Vocabulary) -> Pack:
    """Read one definition file and its frameworks. Raises Invalid."""
    definition = read_model(file, WorkflowDefinition)
    used = {kind: framework_file(folder, kind, ref) for kind, ref in definition.uses.items()}
    missing = sorted(set(FOLDERS) - set(used))
    if missing:
        raise Invalid("pack.incomplete", f"{file.name} does not say which {missing} it uses.")
    for use in (use for t in definition.transitions for use in t.guards):
        if use.name not in vocabulary.guards:
            raise Invalid("pack.guard_unknown", f"{file}: there is no guard {use.name}.")
    areas = read_model(used["areas"], Areas)
    mandates = read_model(used["mandates"], Mandates)
    _check_ends(file, areas, mandates)
    words_file, words = _newest_words(folder, definition.uses["areas"], areas)
    return Pack(
        definition=definition,
        version=int(file.stem[1:]),
        sha256=digest([file, *used.values()]),
        engine=Engine(definition, vocabulary),
        areas=areas,
        principles=read_model(used["principles"], Principles),
        questionnaire=read_model(used["questionnaire"], Questionnaire),
        mandates=mandates,
        files=(file, *used.values()),
        words=words,
        words_label=f"{words.name}@{words_file.stem[1:]}",
    )


def _newest_words(folder: Path, reference: str, areas: Areas) -> tuple[Path, Lexicon]:
    """Return the newest words pack that speaks of these areas. Raises Invalid."""
    files = sorted((folder / "words").glob("*/v*.yaml"), key=lambda file: int(file.stem[1:]))
    for file in reversed(files):
        words = read_model(file, Lexicon)
        if words.areas == reference:
            try:
                refuse_strange_codes(words, areas)
            except ValueError as fault:
                raise Invalid("pack.loose_ends", f"{file}: {fault}") from fault
            return file, words
    raise Invalid("pack.words_missing", f"No words pack speaks of the areas {reference}.")


def _check_ends(file: Path, areas: Areas, mandates: Mandates) -> None:
    try:
        refuse_loose_ends(areas, mandates)
    except ValueError as fault:
        raise Invalid("pack.loose_ends", f"{file}: {fault}") from fault


def framework_file(folder: Path, kind: str, reference: str) -> Path:
    """Return the file that `name@version` stands for."""
    name, _, version = reference.partition("@")
    return folder / FOLDERS[kind] / name / f"v{version}.yaml"


def read_model(file: Path, model: type[M]) -> M:
    """Read a YAML file into `model`. Raises Invalid naming the file and every fault."""
    try:
        return cast("M", _model(file.read_bytes(), model))
    except FileNotFoundError:
        raise Invalid("pack.file_missing", f"There is no file {file}.") from None
    except (yaml.YAMLError, ValidationError) as fault:
        raise Invalid("pack.file_invalid", f"{file}: {fault}") from fault


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@lru_cache(maxsize=32)
def _model(content: bytes, model: type[BaseModel]) -> BaseModel:
    """Parse YAML into a model; what is read again, by another definition or service, is made once.

    Nobody changes a model: they are frozen. Raises YAMLError, ValidationError.
    """
    written: Any = yaml.load(content, Loader=_LOADER)  # noqa: S506 - a safe loader, in C if built
    return model.model_validate(written)


def digest(files: list[Path]) -> str:
    """Return the sha256 over the files' contents, each led by its own digest."""
    total = hashlib.sha256()
    for file in files:
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()
