"""A Dockerfile parsed into its instructions, and those of its build run without Docker.

    python tests/support/dockerfile.py <repository> <folder>

does what the first stage does, below <folder> instead of /: it copies what COPY names and runs
each RUN with sh. It leaves out: the base image and its Python (the running one is used), the
second stage, users, and the image itself.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ABSOLUTE = ("/opt/keywire", "/build", "/data")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction with its whole argument, continuation lines joined."""

    name: str
    argument: str

    @property
    def words(self) -> list[str]:
        """Return the argument's words, or its JSON list; options (--x) are left out."""
        plain = self.argument
        while plain.startswith("--"):
            plain = plain.partition(" ")[2].lstrip()
        if plain.startswith("["):
            return json.loads(plain)
        return plain.split()

    @property
    def options(self) -> dict[str, str]:
        """Return the options before the argument, without their dashes."""
        found = {}
        plain = self.argument
        while plain.startswith("--"):
            option, _, plain = plain.partition(" ")
            name, _, value = option.removeprefix("--").partition("=")
            found[name] = value
            plain = plain.lstrip()
        return found


def read(path: Path) -> list[list[Instruction]]:
    """Return a Dockerfile's stages, each of which begins with FROM."""
    stages: list[list[Instruction]] = []
    for line in _joined(path.read_text("utf-8")):
        name, _, argument = line.partition(" ")
        if name == "FROM":
            stages.append([])
        stages[-1].append(Instruction(name, argument.strip()))
    return stages


def _joined(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [" ".join(line.split()) for line in joined.splitlines() if line.strip()]


def build(repository: Path, root: Path) -> None:
    """Run the first stage below `root`; raise CalledProcessError where a step fails."""
    here = root
    bin_of_python = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": f"{bin_of_python}{os.pathsep}{os.environ['PATH']}"}
    for step in read(repository / "Dockerfile")[0]:
        match step.name:
            case "WORKDIR":
                here = root / step.argument.lstrip("/")
                here.mkdir(parents=True)
            case "COPY":
                *sources, target = step.words
                for source in sources:
                    _copy(repository / source, here / target)
            case "RUN":
                command = step.argument
                for absolute in ABSOLUTE:
                    command = command.replace(absolute, f"{root}{absolute}")
                print(f"RUN {step.argument}", flush=True)  # noqa: T201 - what CI shows
                subprocess.run(["sh", "-c", command], cwd=here, env=environment, check=True)  # noqa: S607 - as Docker does


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.db*"))
    else:
        shutil.copy(source, target / source.name if target.is_dir() else target)


if __name__ == "__main__":
    build(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
