"""Names that stand everywhere."""

EVERYWHERE = frozenset({
    "Add", "add", "after", "all", "Any", "any", "append", "apply", "assert", "assertEqual", "assertEquals",
    "assertThat", "assertTrue", "before", "bind", "bool", "call", "cap", "catch", "clear", "clone", "close",
    "Close", "collect", "concat", "contains", "copy", "Count", "count", "data", "debug", "decode", "default",
    "delete", "describe", "dict", "Dispose", "Done", "encode", "enumerate", "equals", "Equals", "err", "Error",
    "error", "Errorf", "exception", "exec", "expect", "extend", "filter", "finally", "find", "First", "float",
    "flush", "forEach", "format", "from", "Get", "get", "getattr", "GetHashCode", "hasattr", "hashCode", "includes",
    "index", "indexOf", "info", "init", "insert", "int", "into", "isEmpty", "isinstance", "it", "items", "iter",
    "join", "keys", "len", "length", "list", "Lock", "log", "lower", "main", "make", "map", "match", "max", "min",
    "name", "new", "next", "none", "now", "Now", "ok", "open", "panic", "pop", "print", "Println", "push", "put",
    "range", "read", "reduce", "remove", "replace", "require", "RLock", "run", "RUnlock", "Select", "self", "send",
    "Set", "set", "setattr", "setUp", "Since", "size", "sleep", "slice", "some", "sort", "sorted", "split",
    "Sprintf", "str", "String", "strip", "Sub", "sum", "super", "tearDown", "test", "then", "ToList", "ToString",
    "toString", "trim", "tuple", "type", "Unlock", "unwrap", "update", "upper", "value", "Value", "valueOf",
    "values", "Wait", "warn", "warning", "Where", "write", "zip",
})  # fmt: skip
"""So common that where they stand tells nothing, unless the receiver says whose they are."""

ROOTS = frozenset({
    "ABC", "Enum", "Error", "Exception", "Generic", "NamedTuple", "object", "Object", "Protocol", "Record", "StrEnum",
    "TypedDict",
})  # fmt: skip
"""What everything is based on: another class on one of them is no sibling."""

HEADER_WORDS = frozenset({
    "abstract", "async", "case", "class", "crate", "data", "def", "default", "enum", "export", "extends", "final",
    "for", "impl", "implements", "interface", "internal", "object", "open", "partial", "private", "protected", "pub",
    "public", "record", "sealed", "static", "struct", "trait", "type", "where", "with",
})  # fmt: skip
"""Words of languages in the header of a class."""

NO_TYPE = frozenset({
    "and", "await", "case", "defer", "else", "for", "go", "if", "in", "new", "not", "or", "raise", "return", "switch",
    "throw", "while", "yield",
})  # fmt: skip
"""Words before a name that make it a use, not a definition."""

OWN = frozenset({"self", "this", "cls", "super", "base", "Self"})
"""What a method calls its own object."""
