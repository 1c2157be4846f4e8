"""Files of the base branch that say how a change is judged, beside the policy: where they lie, and how many count."""

OWN = "own"
"""The first half of the names of rules that teams wrote, and the class of those that name none."""
RULES_FOLDER = ".github/seawall/rules"
ORGANISATION_RULES_FOLDER = "seawall/rules"
"""In the organisation's repository named `.github`."""
RULES_SUFFIX = ".toml"
MOST_RULES = 50
"""Files that are read of a folder of rules, in the order of their names."""
MOST_BYTES = 64 * 1024
"""Of one such file; longer ones are not read."""

LIBRARY_FOLDERS = (
    "deps", "ext", "ext2", "ext3", "extern", "external", "externals", "lib", "lib2", "lib3", "libs",
)  # fmt: skip
"""At the root: of a project's own code, or of copies of others', which what lies in them tells."""
MOST_NAMES = 500
"""That are looked at of such a folder."""

GUIDELINE_FILES = ("AGENTS.md", ".github/copilot-instructions.md", "CONTRIBUTING.md", ".github/CONTRIBUTING.md")
"""What a repository tells those who work on it, the dearest first."""

LINTER_FILES = (
    ".ruff.toml",
    "ruff.toml",
    "pyproject.toml",
    "eslint.config.js",
    "eslint.config.mjs",
    "eslint.config.cjs",
    "eslint.config.ts",
    ".eslintrc.json",
    ".eslintrc.yml",
    ".eslintrc.yaml",
    ".eslintrc",
    "package.json",
    ".golangci.yml",
    ".golangci.yaml",
    ".golangci.toml",
    ".golangci.json",
    "staticcheck.conf",
    "sonar-project.properties",
    ".editorconfig",
    ".rubocop.yml",
    "detekt.yml",
    "config/detekt/detekt.yml",
    "Cargo.toml",
)
"""Where the linters that Seawall makes room for are configured."""


def is_of_team(rule: str) -> bool:
    """True for the name of a rule that a team wrote."""
    return rule.startswith(f"{OWN}/")
