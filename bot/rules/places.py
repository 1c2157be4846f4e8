"""What the place of a file, and the frameworks it takes, tell of who runs it: a script, an example, a test, a page."""

from bot.regex import regex
from bot.rules.once import once_a_file
from bot.syntax import Function, Shape, SourceFile

_SCRIPT = regex(
    r"(?:^|/)(?:scripts?|tools?|hack|bin|examples?|samples?|demos?|benchmarks?|bench|contrib|notebooks?|playground)/"
    r"|(?:^|/)(?:setup|noxfile|fabfile|tasks|manage)\.py$|(?:^|/)(?:gulpfile|Gruntfile)\.[cm]?js$"
)
_EXAMPLE = regex(
    r"^(?:[^/]+/)?(?:[\w.]+-|_)?(?:examples?|samples|benchmarks?|bench)(?:-[\w.-]+)?/|^(?:[\w.]+-)?(?:demos?|sample)(?:-[\w.-]+)?/"
    r"|^(?:[\w.]*[a-z\d.])?(?:Examples?|Samples?|Demos?|Benchmarks?)(?:[A-Z.][\w.]*)?/"
    r"|^(?:[^/]+/)?(?:docs?|doctests|website)/|(?:^|/)src/(?:main/)?java/examples?/|(?:^|/)examples?/example_[^/]*$"
)
"""By its first two folders: deeper down `demo`, `sample` and `docs` are packages like any other."""
_BY_HAND = regex(
    r"(?:^|/)(?:(?:[\w-]+-)?scripts?|tools?|toolbox|hack|playground|notebooks?)/"
    r"|(?:^|/)\.[\w-]+/|(?:^|/)setup\.py$|^bootstrap\.py$|(?:^|/)(?:(?:[\w-]+-)?cli|cli-[\w-]+|packag(?:es|ing)/(?:windows|mac|deb|rpm)[\w-]*)/"
    r"|(?:^|/)src/commands/(?:[\w-]+/)*[\w.-]+\.[cm]?[jt]s$"
    r"|(?:^|/)\w*Seed(?:Data|er)?\.cs$|(?:^|/)(?:management/commands|webpack)/|(?:^|/)webpack[\w.-]*\.[cm]?[jt]s$|(?:^|/)health_?check\.\w+$"
    r"|^(?:build|ci|contrib|dev|docker|extras?|pants-plugins|buildSrc)/|(?:^|/)(?:code-?generation|codegen|cdk)/|(?:^|/)_?playground\.[jt]s$|(?:^|/)crossdock/"
    r"|(?:^|/)(?:cmd|commands)/(?:[\w-]+/)*[\w-]+\.go$|(?:^|/)src/bin/(?:[\w-]+/)+admin/|(?:^|/)src/bin/[\w-]+\.rs$|(?:^|/)migrations?(?:/|\.\w+$)"
    r"|^(?!(?:.*/)?src/)(?:.*/)?(?:generate|build|release|merge|update|refresh|seed|migrate)-[\w.-]+\.(?:[cm]?js|ts|py)$"
    r"|^(?:utils?|dev)/(?:generate|build|merge|release)_\w+\.py$|^[\w-]+-(?:pr|release)\.py$"
    r"|(?:^|/)bin/[\w-]*(?:test|seed|readyz|healthz|probe)[\w-]*\."
    r"|(?:^|/)migrate\.[cm]?[jt]s$|[ _-][cC]opy\.\w+$| \d\.\w+$"
    r"|^release/|\.cli\.[cm]?[jt]s$|(?:^|/)(?:bin|ci|build|\.github)/(?:[^/]+/)*[\w-]*(?:release|changelog|bump)[^/]*$"
)
_IN_A_NOTEBOOK = regex(rb"\bregister_(?:line|cell|line_cell)_magic\b|\bdef load_ipython_extension\b")
"""Of IPython: whoever asks looks on."""
_NOT_BUILT = regex(rb"\A(?://[^\n]*\n|\s)*//(?:go:build| \+build) ignore\b")
"""Go: part of no program, run by its name."""
_PAGE = regex(
    r"\.(?:tsx|jsx)$|(?:^|/)(?:static|public|assets|wwwroot|webapp|resources)/(?:[\w-]+/)?(?:js|javascripts?|scripts)/"
    r"|(?:^|/)(?:(?:[\w-]+-)?(?:ui|spa|frontend|web|webapp|vue\d?|react)(?:-(?!api|server|service|backend)\w+)?"
    r"|client|dashboard|console|widget)/"
    r"(?:(?!(?:api|server|service|backend)/)[\w-]+/)?(?:src|app|components|hooks|pages|stores?|views)/"
    r"|(?:^|/)(?:[\w-]+-)?next(?:js)?(?:-\w+)?/(?:src/)?(?:features|components|hooks)/|(?:^|/)app/javascript/|(?:^|/)(?:apps|packages)/(?:mobile|native|expo)/|(?:^|/)frontend/(?!(?:api|server|service|backend)/)[\w-]+/"
)
_DRAWS = regex(
    rb"""(?:from\s+|require\()["'](?:react|react-dom|lit|lit-element|vue|svelte|preact|solid-js|mobx|expo|obsidian|@angular/core|prosemirror-\w+)["'/]"""
    rb"""|\bdocument\.(?:getElementById|querySelector|createElement|addEventListener|body)\b"""
    rb"""|\bwindow\.(?:location|addEventListener|localStorage|open|screen\w*)\b|\$\((?:function|document)\b"""
    rb"""|\b(?:local|session)Storage\.(?:get|set|remove)Item\b|(?<![.\w])fetch\(\s*["'`]/(?!/)"""
    rb"""|(?:from\s+|require\()["'](?:react-[\w-]+|@tanstack/react-query|next/router|next/navigation)["'/]"""
    rb"""|\bchrome\.(?:runtime|alarms|tabs|storage)\b|(?<![.\w])axios\.\w+\(\s*["'`]/(?!/)"""
    rb"""|\bnew RTCPeerConnection\b|\bHTML(?:Input|Canvas|Video|Div)?Element\b"""
    rb"""|\bnavigator\??\.(?:onLine|serviceWorker)\b|\bself\.(?:clients|registration)\b"""
)
_RUNS_IN_NODE = regex(
    rb"""(?:from\s+|require\()["'](?:node:\w+|fs|path|net|https?|child_process|express|koa|fastify|puppeteer\S*|playwright\S*"""
    rb"""|jsdom|cheerio)["'/]"""
)
"""What tells a server that drives or rewrites pages from the page itself."""
_SERVES = regex(rb"renderTo(?:String|PipeableStream)|use server|getServerSideProps|next/(?:server|headers)")
FILLS_A_PAGE = frozenset({"getServerSideProps", "getStaticProps", "getStaticPaths", "getInitialProps"})
"""Functions of a page that its server runs, in Next.js."""
_ACTS = regex(rb"\bon(?:Submit|Click|Change|Drop|Press)\b|\buse[A-Z]\w*\(")
"""What a page asks for when somebody does something, though a server fills it first."""
_TESTS = regex(
    rb"(?m)^\s*(?:import|from) (?:pytest|unittest|behave|locust)\b|^using (?:Xunit|NUnit\.Framework)\b"
    rb"|^import org\.junit\.|^\t\"testing\"$|^\t(?:\w+ )?\"github\.com/stretchr/testify/"
    rb"|(?:from\s+|require\()[\"'](?:vitest|@jest/globals|@playwright/test|mocha|chai|k6/http)[\"']"
)
_TEST_DATA = regex(
    r"(?:^|/)(?:vitest|jest|playwright|cypress|mocha|karma)\.[\w.-]*[cm]?[jt]s$|(?:^|/)global-?[sS]etup\.[cm]?[jt]s$|"
    r"(?:^|/)test-[\w-]+\.[cm]?[jt]s$|(?:^|/)(?:[\w-]+[-_])?tests?[-_]utils?/|(?:^|/)\w*test_?data\w*\.\w+$|(?:^|/)(?:fvt|e2e(?:-tests?)?|lt|load[-_]?tests?)/|^performance/|(?:^|[/_-])(?:integration|functional)_?tests?/"
)


def is_example(file: SourceFile) -> bool:
    return bool(_EXAMPLE.search(file.path))


@once_a_file
def is_beside_tests(file: SourceFile) -> bool:
    """True for what only tests run, though its path does not say so: fixtures, plugins, data."""
    return bool(_TEST_DATA.search(file.path) or _TESTS.search(file.text))


@once_a_file
def is_for_hands(file: SourceFile) -> bool:
    """True for what people or a build start, and wait for."""
    return bool(_BY_HAND.search(file.path) or _IN_A_NOTEBOOK.search(file.text)) or is_not_built(file)


def is_not_built(file: SourceFile) -> bool:
    return file.language.name == "go" and bool(_NOT_BUILT.search(file.text))


def is_of_page(shape: Shape) -> bool:
    """True for what runs in a browser, and not in a function of its file that fills the page on the server."""
    return is_page(shape.file) and not any(one.name in FILLS_A_PAGE for one in shape.around(Function))


@once_a_file
def is_page(file: SourceFile) -> bool:
    """True for what runs in a browser: by its suffix or folder, the framework that it imports, or the page it names."""
    if file.language.name not in ("javascript", "typescript"):
        return False
    draws = bool(_DRAWS.search(file.text))
    if (draws or file.path.endswith((".tsx", ".jsx"))) and _ACTS.search(file.text):
        return True
    if is_of_node(file.text):
        return False
    return draws or bool(_PAGE.search(file.path))


def is_of_node(content: bytes) -> bool:
    """True for JavaScript that takes in what no browser has, or fills pages on the server."""
    return bool(_RUNS_IN_NODE.search(content) or _SERVES.search(content))


def is_script(file: SourceFile) -> bool:
    """True for what people run by hand: by its folder or name, or because its first line says how it is run."""
    return bool(_SCRIPT.search(file.path)) or file.text.startswith(b"#!")
