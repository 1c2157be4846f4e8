"""Further examples of lock-hazard/racy-access: each proves a condition of the rule."""

from bot.rules.rule import csharp, go, java

FURTHER_BAD = (
    java("class A { volatile int n; A() { }\n  void add() { n++; }\n}", line=2),
    java("class A { volatile int free;\n  void take() { free--; }\n}", line=2),
    go(  # said once for a goroutine, where it begins
        "func all(items []Item) {\n\tvar err error\n\tfor _, i := range items {\n\t\tgo func() {\n"
        "\t\t\tn, failed := load(i)\n\t\t\t_, err = save(n)\n\t\t\terr = join(err, failed)\n\t\t}()\n\t}\n}",
        line=6,
    ),
    go(
        "func all(items []Item) {\n\tvar seen map[string]int = known()\n\tfor _, i := range items {\n"
        "\t\tgo func() {\n\t\t\tseen[i.Name]++\n\t\t}()\n\t}\n}",
        line=5,
    ),
)
FURTHER_GOOD = (
    go(  # nothing is kept under that name
        "func all(g *errgroup.Group, items []Item) {\n\t_, ok := <-ready\n\tfor _, i := range items {\n"
        "\t\tg.Go(func() error {\n\t\t\terr := check(i)\n\t\t\t_, err = load(i)\n\t\t\treturn err\n"
        "\t\t})\n\t}\n\tuse(ok)\n}"
    ),
    go(  # each has its own
        "func all(items []Item) {\n\tcount := 0\n\tfor range items {\n\t\tgo func(count int) {\n"
        "\t\t\tcount++\n\t\t\tload(count)\n\t\t}(count)\n\t}\n}"
    ),
    go("func all() {\n\tfor n := 0; n < 9; n += 2 {\n\t\tgo func() {\n\t\t\tn++\n\t\t\tload(n)\n\t\t}()\n\t}\n}"),
    go(  # whose it is does not show
        "func all(items []Item) {\n\tfirst := func() { count := 0; use(count) }\n\tfor range items {\n"
        "\t\tgo func() { count++ }()\n\t}\n\tfirst()\n}"
    ),
    go(  # the map is read
        "func all(items []Item) {\n\tof := map[string]*Total{}\n\tfor _, i := range items {\n"
        "\t\tgo func() { of[i.Name].n++ }()\n\t}\n}"
    ),
    go(
        "func all(items []Item) {\n\tcount := 0\n\tfor range items {\n\t\tdone := make(chan bool)\n"
        "\t\tgo func() {\n\t\t\tcount++\n\t\t\tclose(done)\n\t\t}()\n\t\t<-done\n\t}\n}"
    ),
    java("class A { volatile int n, all; { n++; } void add() { all = 1; } }"),
    java("class A { volatile int n; int all; void add() { all += n; } }"),
    java("class A { volatile Total total; void add() { total.orders++; } }"),
    java('class A { static final SimpleDateFormat F = new SimpleDateFormat("y"); void f() { synchronized(F) { } } }'),
    go(
        'import "sync/atomic"\n\nfunc (s *S) add() {\n\ts.n = clamp(&s.n, 1)\n\ts.n = atomic.LoadInt64(&s.n)\n}',
    ),
    java(
        'class A { static Format last; final SimpleDateFormat f = new SimpleDateFormat("yyyy"); }',
    ),
    java(
        "class A { static final DateTimeFormatter F = DateTimeFormatter.ISO_DATE; static "
        "SimpleDateFormat f, g = null; }",
    ),
    java(
        "class A { volatile int n; void f() { int m = 0; use(n, m++); } }",
    ),
    go(  # who runs the inner function, and when, is not known
        "func all(items []Item) {\n\tcount := 0\n\tfor _, i := range items {\n\t\tgo func() {\n"
        "\t\t\trun(i, func() { count++ })\n\t\t}()\n\t}\n}",
    ),
    go(
        "func all(items []Item) {\n\tcount := new(int)\n\tfor _, i := range items {\n\t\tgo func() {\n"
        "\t\t\tif *count > 9 {\n\t\t\t\tload(i)\n\t\t\t}\n\t\t}()\n\t}\n}",
    ),
    go(
        "func all(items []Item) {\n\tcount := 0\n\tuse(count)\n\tfor _, i := range items {\n"
        "\t\tcount := 0\n\t\tgo func() {\n\t\t\tcount++\n\t\t\tload(i, count)\n\t\t}()\n\t}\n}",
    ),
    java("class A { volatile int n; A() { n++; } }"),
    java("class A { int n; void add() { n++; } }"),
    java('class A { final SimpleDateFormat f = new SimpleDateFormat("yyyy"); }'),
    java('class A { static final SimpleDateFormat F = new SimpleDateFormat("y"); void f() { synchronized (F) { } } }'),
    csharp("class A { volatile int n; int Get() { return n + 1; } }"),
    csharp("class A { static Calendar C = new GregorianCalendar(); }"),
    go(
        "func all(items []Item) {\n\tcount := 0\n\tfor range items {\n\t\tfunc() { count++ }()\n"
        "\t\tretry(func() { count++ })\n\t}\n}"
    ),
    go(
        "func all(items []Item) {\n\tcount := 0\n\tfor range items {\n\t\tvar wg sync.WaitGroup\n"
        "\t\tgo func() { count++ }()\n\t\twg.Wait()\n\t}\n}"
    ),
    go('import "sync/atomic"\n\nfunc (s *S) add() { n := atomic.AddInt64(&s.n, 1); use(n) }'),
    java("class A { volatile int n; void set() { n = 1; } }"),
    java(
        "class A { static Calendar c = Calendar.getInstance(); static final long T; static { c.clear(); "
        "T = c.getTime().getTime(); } long at() { return T; } }"
    ),
    java("class A { volatile int n; synchronized void add() { n++; } }"),
)
