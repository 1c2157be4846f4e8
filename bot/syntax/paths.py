"""What a path and a file's first lines tell: tests, and files that no person writes."""

import re

from bot.regex import regex

_TEST_PATH = regex(
    r"(?:^|/)(?:tests?|__tests__|__mocks__|testing|testdata|test[-_]fixtures?|spec|specs|e2e|cypress|playwright|[a-z]+[-_]tests)/"
    r"|(?:^|/)(?:\w+_)?tempest(?:_\w+)?/"  # the integration tests of OpenStack
    r"|(?:^|/)(?:integration[-_]?tests?|[\w.]+-(?:e2e|integrat(?:ion|ed)-tests?))/"
    r"|(?:^|/)src/(?:test|\w+Test|it|integration)/|(?:^|/)(?:benches|step_definitions)/"
    r"|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.pyw?$"
    r"|_test\.go$|[^/]_(?:test|spec)\.rb$|(?:^|/)test_[^/]*\.rb$|(?:^|/)(?:[^/]*_)?tests?\.rs$|(?:^|/)examples/.*\.rs$|[^/]Spec\.kt$"
    r"|\.(?:test|spec|e2e|stories)\.[cm]?[jt]sx?$"
    r"|(?:^|/)(?:[^/]*(?:Tests?|IT|TestCase)|Test[A-Z][^/]*)\.(?:java|kt)$"
    r"|(?:^|/)(?:[^/]*Tests?|Test[A-Z][^/]*)\.cs$|(?:^|/)Testing/(?:[^/]+/)*[^/]*\.cs$"
    r"|(?:^|/)(?:[^/]*\.)?(?:Unit|Integration|Acceptance|Functional|Performance)?Tests?(?:\.[^/]*)?/"
    r"|(?:^|/)[^/]*\.test\.ya?ml$"
    r"|(?:^|/)(?:test[-_]?(?:utils?|helpers?|kit|support|data|lib)|testHelpers|testUtils)/"
    r"|(?:^|/)(?!(?:la|con|at|pro|grea|fas)test/)[a-z]+test/[^/]+\.go$"
)
_GENERATED_PATH = regex(
    r"(?:^|/)\.mvn/|(?:^|/)(?:node_modules|vendor|third_party|bower_components|\.venv|site-packages|dist|__generated__|generated)/"
    r"|_pb2(?:_grpc)?\.pyi?$|\.pb\.go$|\.pb\.gw\.go$|_grpc_pb\.js$|_pb\.(?:d\.ts|js)$|\.g\.cs$|\.designer\.cs$"
    r"|\.min\.(?:js|css)$|[.-]bundle\.js$|(?:^|/)jquery[\w.-]*\.js$"
    r"|(?:^|/)zz_generated\.[^/]*\.go$|_string\.go$|\.gen\.(?:go|ts|js|py)$"
    r"|(?:^|/)(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|go\.sum|poetry\.lock|uv\.lock|Cargo\.lock)$",
    re.IGNORECASE,
)


def is_test_path(path: str) -> bool:
    """True for files that the language's test runners pick up, and for what lies beside them."""
    return bool(_TEST_PATH.search(path))


def is_generated(path: str) -> bool:
    """True for vendored and generated files, as far as the path tells."""
    return bool(_GENERATED_PATH.search(path))
