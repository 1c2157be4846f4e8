"""Where a new test belongs, and what it is called: as its neighbours are. Pure."""

from collections.abc import Collection
from posixpath import basename, dirname, join

from bot.domain import Finding
from bot.review.proving.knowledge import Fault, Framework


def path_for(
    finding: Finding, fault: Fault, framework: Framework, model_path: str, crate: str, taken: Collection[str]
) -> str:
    """The path of the test. `model_path`: a test of the repository, or empty; `taken`: paths that are there."""
    stem, suffix = _split(basename(finding.path))
    folder = _folder(finding.path, framework, model_path, crate)
    for end in ("", finding.fingerprint[:7]):
        name = _name(stem, suffix, fault, framework, basename(model_path), end)
        path = join(folder, name)
        if path not in taken:
            break
    return path


def _name(stem: str, suffix: str, fault: Fault, framework: Framework, model: str, end: str) -> str:
    joint = "-" if framework.language == "javascript" else "_"
    told = joint.join(part for part in (fault.name.replace("-", joint), end) if part)
    if framework.language == "javascript" and model:
        suffix = f".{model.rsplit('.', 1)[-1]}"
    pattern = framework.file
    if ".spec." in model:
        pattern = pattern.replace(".test{", ".spec{")
    if framework.language == "python" and model.endswith("_test.py"):
        pattern = "{stem}_{fault}_test.py"
    if framework.language == "python":
        stem = stem.strip("_") or "module"
    return pattern.format(
        stem=stem.replace("-", "_") if framework.language in ("python", "go", "ruby", "rust") else stem,
        Stem=_camel(stem),
        fault=told,
        Fault=_camel(told),
        suffix=suffix,
    )


def _folder(path: str, framework: Framework, model_path: str, crate: str) -> str:
    here, there = dirname(path), dirname(model_path)
    match framework.language:
        case "go":
            return here
        case "rust":
            return f"{crate}{framework.folder}"
        case "java":
            return here.replace("src/main/", "src/test/", 1) if "src/main/" in path else there or here
        case "javascript" if model_path:
            is_near = there in (here, join(here, "__tests__"), join(here, "test"), join(here, "tests"))
            is_for_all = there == "__tests__" or basename(model_path).startswith(f"{_split(basename(path))[0]}.")
            return there if is_near or is_for_all or not there.endswith("__tests__") else join(here, "__tests__")
        case _:
            return there if model_path else framework.folder or here


def _split(name: str) -> tuple[str, str]:
    stem, _, suffix = name.rpartition(".")
    return stem.split(".")[0], f".{suffix}"


def _camel(text: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in text.replace("_", "-").split("-"))
