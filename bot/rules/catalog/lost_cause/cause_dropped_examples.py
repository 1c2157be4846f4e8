"""Further examples of lost-cause/cause-dropped: each proves a condition of the rule."""

from bot.rules.rule import csharp, java, javascript, rust

FURTHER_BAD = (
    rust("pub fn f() -> Result<u8, ()> {\n    sync()\n}"),
    rust("pub trait Store {\n    fn load(&self) -> Result<u8, ()> {\n        sync()\n    }\n}", line=2),
    java(
        "class A { void f() { try { sync(); }\n  catch (IOException e) {\n    if (quiet) return;\n"
        '    throw new SyncException("no");\n  } } }',
        line=4,
    ),
    java(
        "class A { void f() {\n  try { n = all / count; }\n"
        '  catch (IllegalArgumentException e) { throw new CountException("no"); }\n} }',
        line=3,
    ),
    java(
        "class A { void f() {\n  try { check(o); save(o); }\n"
        '  catch (IOException e) { throw new SyncException("no"); }\n} }',
        line=3,
    ),
    rust("impl Store {\n    pub fn load(&self) -> Result<u8, ()> {\n        sync()\n    }\n}", line=2),
    rust(
        "const _: () = {\n    fn f() {\n        if let Err(_e) = sync() {\n            panic!();\n        }\n    }\n};",
        line=3,
    ),
)

FURTHER_GOOD = (
    java('class A { void f() { try { a(); } catch (X e) { throw new SyncException("no", e.getCause()); } } }'),
    javascript("try { n = Long.fromValue(offset); } catch (e) { throw new OffsetError(`no: ${offset}`); }"),
    java(
        "class A { void f() { try { validatePath(path); } "
        'catch (IllegalArgumentException e) { throw new PathException("bad " + path + e.getMessage()); } } }'
    ),
    java('class A { void f() { try { sync(); } catch (IOException ignored) { throw new SyncException("no"); } } }'),
    javascript("try { sync(); } catch (e) { log(e); throw new Error('sync failed'); }"),
    javascript("try { sync(); } catch (e) { later(() => { throw new Error('sync failed'); }); }"),
    java('class A { void f() { try { sync(); } catch (IOException e) { throw new SyncException("no", e); } } }'),
    java('class A { void f() { try { n(); } catch (NumberFormatException e) { throw new SyncException("no"); } } }'),
    csharp('class A { void F() { try { Sync(); } catch (IOException) { throw new SyncException("no"); } } }'),
    csharp('class A { void F() { try { Sync(); } catch (X e) { throw new SyncException("no", e); } } }'),
    csharp('class A { void F() { try { S(); } catch (X e) { if (no) throw new SyncException("no"); throw; } } }'),
    rust('fn f() {\n    if let Err(_) = sync() {\n        undo();\n        panic!("sync");\n    }\n}'),
    rust("const N: u8 = match sync() {\n    Ok(n) => n,\n    Err(_) => panic!(),\n};"),
    rust(
        "fn f() -> Result<u8, ()> {\n    sync()\n}\npub fn g() -> Result<(), Failure> {\n    sync()\n"
        "}\npub fn h() -> Pair<u8, ()> {\n    sync()\n}"
    ),
    rust('fn f() {\n    if let Err(_) = sync() {\n        log("sync");\n    }\n}'),
    rust("trait Store {\n    fn load(&self) -> Result<u8, ()> {\n        sync()\n    }\n}"),
    java(
        "class A { void f() { try { sync(); } catch (X e) { try { undo(); } catch (Y f) { throw new "
        'SyncException("no", f); } } } }',
    ),
    rust(
        "pub fn close(o: Order) {}\npub fn is_open(o: Order) -> bool { o.open }",
    ),
    java(
        'class A { void f() { try { sync(); } catch (IOException e) { throw asException("no"); } } }',
    ),
    java(
        "class A { void f() { try { level.apply(text); } "
        'catch (IllegalArgumentException e) { throw new LevelException("no"); } } }'
    ),
)
