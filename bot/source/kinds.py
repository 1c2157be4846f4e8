"""What names tell of files. All in lower case."""

LOCK_FILES = frozenset({
    "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb", "deno.lock",
    "poetry.lock", "pdm.lock", "uv.lock", "pipfile.lock", "pylock.toml", "conda-lock.yml",
    "go.sum", "go.work.sum", "cargo.lock", "gemfile.lock", "composer.lock", "mix.lock", "pubspec.lock",
    "packages.lock.json", "project.assets.json", "paket.lock", "gradle.lockfile", "buildscript-gradle.lockfile",
    "flake.lock", "podfile.lock", "package.resolved", "cartfile.resolved", ".terraform.lock.hcl", "chart.lock",
})  # fmt: skip
LOCK_ENDINGS = (".lock", ".lockfile")

LICENSED_FOLDERS = frozenset({"libs", "lib3", "ext", "externals"})
"""At the root: seldom of a project's own code, so that a file which carries a licence is another's."""
DISTRIBUTIONS = frozenset({
    "aiohttp", "alembic", "apscheduler", "arrow", "attr", "babel", "backports", "bleach", "bs4", "certifi", "chardet",
    "charset_normalizer", "cheroot", "cherrypy", "click", "cloudscraper", "colorama", "commonmark", "configobj",
    "cryptography", "dateutil", "defusedxml", "docutils", "engineio", "enzyme", "fastapi", "feedparser", "flask",
    "flask_restful", "future", "greenlet", "guessit", "h11", "html5lib", "httplib2", "httpx", "idna",
    "importlib_metadata", "importlib_resources", "isapi", "itsdangerous", "jaraco", "jinja2", "js2py", "jsonschema",
    "jwt", "lxml", "mako", "markdown_it", "markupsafe", "more_itertools", "msgpack", "mutagen", "numpy", "oauthlib",
    "paho", "pathtools", "peewee", "pip", "pkg_resources", "platformdirs", "ply", "psutil", "pycparser", "pydantic",
    "pydantic_core", "pygments", "pyparsing", "pytz", "rarfile", "rebulk", "requests", "requests_oauthlib", "rich",
    "setuptools", "signalrcore", "simplejson", "six", "sniffio", "socketio", "soupsieve", "sqlalchemy", "stevedore",
    "subliminal", "tempora", "tornado", "tqdm", "twisted", "typing_extensions", "tzdata", "tzlocal", "ujson",
    "unidecode", "urllib3", "waitress", "watchdog", "webencodings", "werkzeug", "win32", "win32com", "wsproto",
    "xmltodict", "yaml", "zc", "zipp", "zope",
})  # fmt: skip
"""Packages of PyPI that Python projects keep copies of in a folder of libraries: what lies under their names is theirs,
and two of them tell that the whole folder is of copies. Left out are those that people call packages of their own, such
as `dns` or `websocket`."""
MODULES = frozenset({
    "appdirs", "bottle", "configobj", "feedparser", "markdown2", "peewee", "profilehooks", "pyparsing", "rarfile",
    "six", "typing_extensions", "xmltodict", "zipp",
})  # fmt: skip
"""The same, of one file each. `requests.py` is none of them: it is somebody's own, around the package."""
VENDORED_FOLDERS = frozenset({
    "node_modules", "bower_components", "jspm_packages", "vendor", "vendored", "_vendor", "third_party", "third-party",
    "thirdparty", "site-packages", ".yarn", "godeps", "pods", "carthage",
})  # fmt: skip

GENERATED_FOLDERS = frozenset({"__generated__", "__snapshots__", "zz_generated"})
GENERATED_ENDINGS = (
    ".min.js", ".min.mjs", ".min.css", ".bundle.js", ".chunk.js", ".js.map", ".css.map", ".mjs.map", ".d.ts.map",
    "_pb2.py", "_pb2.pyi", "_pb2_grpc.py", ".pb.go", ".pb.gw.go", ".pb.cc", ".pb.h", ".pb.swift", "_pb.js", "_pb.d.ts",
    "_grpc_pb.js", ".pb.ts", ".g.cs", ".g.i.cs", ".designer.cs", ".generated.cs", ".g.dart", ".freezed.dart",
    ".gen.go", ".gen.ts", ".generated.ts", ".generated.js",
    ".generated.java", "outerclass.java", ".snap", ".tsbuildinfo", ".svg",
)  # fmt: skip

BINARY_ENDINGS = (
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".bmp", ".tiff", ".psd", ".avif",
    ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt",
    ".zip", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar", ".jar", ".war", ".whl", ".nupkg", ".egg",
    ".exe", ".dll", ".so", ".dylib", ".a", ".o", ".lib", ".class", ".pyc", ".pyd", ".wasm", ".node",
    ".mp3", ".mp4", ".wav", ".ogg", ".webm", ".mov", ".avi", ".flac",
    ".woff", ".woff2", ".ttf", ".otf", ".eot",
    ".sqlite", ".sqlite3", ".db", ".parquet", ".avro", ".pkl", ".npy", ".npz", ".onnx", ".gguf", ".h5", ".bin",
)  # fmt: skip

PROSE_ENDINGS = (".md", ".mdx", ".markdown", ".rst", ".adoc", ".asciidoc", ".po", ".pot")
PROSE_NAMES = frozenset({
    "license", "licence", "copying", "notice", "authors", "contributors", "maintainers", "codeowners", "changelog",
    "changes", "history", "readme", "news", "todo", "patents",
})  # fmt: skip
