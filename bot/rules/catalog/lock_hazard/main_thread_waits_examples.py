"""Further examples of lock-hazard/main-thread-waits: each proves a condition of the rule."""

from bot.rules.rule import java, kotlin

FURTHER_BAD = (
    java(  # waits here, even if once
        "import androidx.annotation.UiThread;\nimport java.util.concurrent.Future;\n"
        "class A { Future<Cart> all; Cart cart;\n  @UiThread void show() throws Exception {\n"
        "    if (cart == null) { cart = all.get(); }\n  } }",
        line=5,
    ),
    java(
        "import java.util.concurrent.Future;\nclass A { Future<Cart> cart; A() { Threads.assertMainThread();\n"
        "  load();\n }\n  void load() throws Exception { cart.get(); } }",
        line=3,
    ),
    java(  # the view is made once, and shown many times
        "import androidx.annotation.UiThread;\nimport java.util.concurrent.Future;\n"
        "class A { Future<Cart> cart; View view;\n  void open() { if (view == null) { view = new View() {\n"
        "    @UiThread void show() throws Exception { load(); } }; } }\n"
        "  void load() throws Exception { cart.get(); } }",
        line=5,
    ),
)
FURTHER_GOOD = (
    java(
        "import androidx.annotation.UiThread;\nimport java.net.http.HttpClient;\nclass A { HttpClient http;\n"
        "  @UiThread void show() { http.sendAsync(request, handler).thenAccept(this::draw); } }"
    ),
    java(
        "import android.app.IntentService;\nclass A extends IntentService {\n"
        "  @Override protected void onHandleIntent(Intent i) { Thread.sleep(50); }\n}\n"
        "class B { protected void onPause() { Thread.sleep(50); } }\n"
        "class C extends Player { protected void onPause() { Thread.sleep(50); } }"
    ),
    java(
        "import androidx.annotation.UiThread;\nclass A { @UiThread void show() { a(); }\n"
        "  void a() { b(); }\n  void b() { c(); }\n  void c() { d(); }\n  void d() { Thread.sleep(50); } }"
    ),
    java(
        "import androidx.annotation.UiThread;\nclass A { @UiThread void show() { put(1); }\n"
        "  void put(int n) { Thread.sleep(50); }\n  void put(String s) { Thread.sleep(50); } }"
    ),
    kotlin(
        "import androidx.annotation.MainThread\n\nclass A {\n    @MainThread\n    fun show(all: Map<Int, Cart>) {\n"
        "        draw(all.get(1))\n        scope.launch { Thread.sleep(50) }\n    }\n}"
    ),
    kotlin("import android.app.Activity\n\nfun onPause() {\n    Thread.sleep(50)\n}"),
)
