"""Further examples of `unbounded-growth/listener-per-call`: one for each of its conditions."""

from bot.rules.rule import csharp, java, javascript, python, typescript

_CLASS = "import logging\n\nclass Client:\n    def __init__(self, name):\n"

FURTHER_BAD = (
    javascript(
        "import axios from 'axios';\napp.use((req, res, next) => {\n"
        "  axios.interceptors.request.use((config) => signed(config, req));\n  next();\n});",
        line=3,
    ),
    python(_CLASS + "        logging.getLogger('orders').addHandler(logging.FileHandler(name))", line=5),
)
FURTHER_GOOD = (
    javascript("process.on('SIGTERM', () => server.close());"),
    javascript("app.use((req, res) => {\n  axios.interceptors.request.clear();\n});"),
    javascript("app.get('/events', (req, res) => {\n  req.on('close', () => count(res));\n});"),
    javascript(
        "app.get('/proxy', (req, res) => {\n  const up = http.get(url);\n  up.on('response', (r) => r.pipe(res));\n});"
    ),
    javascript("import { bus } from './bus.js';\nfunction start(app) {\n  bus.on('order', (order) => show(order));\n}"),
    javascript("import { bus } from './bus.js';\nfunction start(order, res) {\n  bus.on('order', (o) => show(o));\n}"),
    javascript("import { bus } from './bus.js';\nfunction start(req, order) {\n  bus.on('order', (o) => show(o));\n}"),
    javascript("import { bus } from './bus.js';\napp.get('/', (req, res) => {\n  bus.emit('order', req.body);\n});"),
    javascript("import { bus } from './bus.js';\napp.get('/', (req, res) => {\n  bus.on('order');\n});"),
    javascript("import { api } from './api.js';\napp.get('/', (req, res) => {\n  api.use(req.body);\n});"),
    javascript(
        "import axios from 'axios';\nfunction sign(key) {\n  axios.interceptors.request.use((c) => signed(c, key));\n}"
    ),
    typescript(
        "import { useEffect } from 'react';\nfunction Panel({ bus }) {\n  useEffect(() => {\n"
        "    bus.addEventListener('order', show);\n  }, []);\n}"
    ),
    typescript("function start() {\n  run(() => {\n    window.addEventListener('resize', layOut);\n  });\n}"),
    typescript("const stop = () => window.addEventListener('resize', layOut);"),
    python(_CLASS + "        logging.getLogger(name).addHandler(logging.FileHandler(name))"),
    python(_CLASS + "        mine.getLogger('orders').addHandler(logging.FileHandler(name))"),
    python(_CLASS + "        log.addHandler(logging.FileHandler(name))"),
    python("import logging\n\ndef start():\n    logging.getLogger('orders').addHandler(logging.FileHandler('o'))"),
    python("import logging\n\nlogging.getLogger('orders').addHandler(logging.FileHandler('orders'))"),
    java("class Client {\n  Client() { Runtime.getRuntime().addShutdownHook(hook); }\n}"),
    java("class Client implements Closeable {\n  void start() { Runtime.getRuntime().addShutdownHook(hook); }\n}"),
    java("class Client implements Closeable {\n  Object hook = Runtime.getRuntime().addShutdownHook(hook);\n}"),
    java("void main() { Runtime.getRuntime().addShutdownHook(hook); }"),
    csharp("class Session {\n  public Session() { NetworkChange.NetworkAddressChanged += OnChange; }\n}"),
    csharp("class Session : IDisposable {\n  public Session() { socket.Closed += OnChange; }\n}"),
    csharp("class Session : IDisposable {\n  public Session() { Console.Title = name; }\n}"),
    csharp("Console.CancelKeyPress += OnStop;"),
)
