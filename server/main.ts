/** Flags → models → listen: prints the URL once connections are accepted. */
import { GradcastError } from "../shared/errors.ts";
import { MAX_CONNECTIONS } from "../shared/limits.ts";
import { printable, printableLines } from "../shared/printable.ts";
import { createApp, Hub, Uploads, watchLoopDelay } from "./app/mod.ts";
import { systemClock } from "./clock/mod.ts";
import type { Engine } from "./engine/mod.ts";
import { openEnginePlace } from "./engine_place.ts";
import { FIRST_PORT, PORTS_TRIED, readFlags, type Settings } from "./flags.ts";
import { UnhandledErrors, watchDisk } from "./health/mod.ts";
import { lanAddresses, ownAddress, reachableAddresses } from "./lan.ts";
import { type Answer, listen, type Listener, roomForConnections } from "./listen/mod.ts";
import { createLogger, type LogFormat, type Logger, RepeatLimit } from "./logger/mod.ts";
import { openModels } from "./open_models.ts";
import { openPage } from "./open_page.ts";
import type { ModelPool } from "./pool/mod.ts";
import { openStores } from "./stores.ts";
import { openTaught } from "./open_taught.ts";
import { type StopCause, stopWanted } from "./stop.ts";
import { KeptTables } from "./tables/mod.ts";

/** How long stopping may take in all, in ms. */
const MAX_STOP_MS = 2_900;

const MEGABYTE = 1_000_000;

const BAD_INPUT = 2;
const INTERNAL = 1;

/** The terminal; in which form is known once the flags are read. */
let terminal = terminalLogger("text");

/** Everything that whoever runs the server should know. */
const logger = new RepeatLimit({ log: (...line) => terminal.log(...line) }, systemClock);

/** The last resort for errors that nothing else handles. */
const unhandled = new UnhandledErrors({ ...systemClock, logger });
unhandled.listen(globalThis);

async function main(): Promise<void> {
  const outcome = readFlags(Deno.args, (name) => Deno.env.get(name));
  switch (outcome.kind) {
    case "help":
    case "version":
      say(outcome.text);
      return;
    case "refused":
      logger.log("error", outcome.message);
      Deno.exitCode = BAD_INPUT;
      return;
    case "settings":
      await serve(outcome.settings);
      return;
    default: {
      const never: never = outcome;
      throw new TypeError(`Cannot start: the outcome ${never} of the flags is unknown`);
    }
  }
}

async function serve(settings: Settings): Promise<void> {
  terminal = terminalLogger(settings.logFormat);
  // From now on: whoever started this server may end it, or go away, before it is ready.
  const stopping = stopWanted();
  const place = openEnginePlace((name) => Deno.env.get(name), (text) => logger.log("warn", text));
  const leave = (cause: StopCause, code: number) => {
    place.close(cause === "launcher-gone");
    Deno.exit(code);
  };
  // Whatever hangs: a server that is asked to stop does.
  stopping.then((cause) => setTimeout(() => leave(cause, INTERNAL), MAX_STOP_MS));
  const opening = openModels(settings, { options: place.options, logger });
  const opened = await Promise.race([opening, stopping]);
  // Nothing has been opened that would have to be closed in order.
  if (typeof opened === "string") return leave(opened, 0);
  const { pool, first } = opened;
  const { engine } = first;
  if (engine.threadsNote !== null) logger.log("warn", engine.threadsNote);
  const stores = await openStores(settings, logger);
  const { log, clips, models: shelf, health } = stores;
  const taught = await openTaught(settings, { pool, store: stores.taught, logger });
  /** Known once the server listens. */
  let port = 0;
  const hub = new Hub({
    models: pool,
    clock: systemClock,
    logger,
    addresses: () => reachableAddresses(settings, port, Deno.networkInterfaces),
    ...(log === null ? {} : { log: { store: log, who: settings.logWho } }),
  });
  // From here on it stays loaded while somebody looks at it.
  first[Symbol.dispose]();
  const loopDelay = watchLoopDelay();
  const disk = watchDisk(settings.data);
  const origins = { host: settings.host, origins: settings.origins };
  const tables = new KeptTables(systemClock);
  const app = createApp({
    hub,
    tables,
    origins,
    loopDelay,
    clips,
    uploads: shelf === null
      ? null
      : new Uploads({ shelf, pool, maxBytes: settings.modelsMegabytes * MEGABYTE }),
    taught,
    health: [place.health, ...health, disk, unhandled],
    onHiddenProxy,
    logger,
  });
  const server = listenOn(settings, app.fetch);
  port = server.port;
  const url = ownAddress(settings.host, port);
  await stores.announce(url);
  logger.log(
    "info",
    `Gradcast is ready at ${url}  (${printable(inWords(pool, engine))}; Ctrl+C stops)`,
  );
  const others = lanAddresses(settings.host, port, Deno.networkInterfaces).filter((one) => one !== url);
  if (others.length > 0) {
    logger.log("info", `Other devices in the network reach it at ${others.join(" and ")}`);
  }
  if (settings.open) await openPage(url);
  const cause = await stopping;
  hub.shutdown();
  tables.close();
  // Answers under way and slow downloads have a moment; then the stores are closed whoever still reads (N7).
  await server.close();
  await hub.logSettled();
  await taught?.close();
  await stores.close();
  loopDelay.stop();
  disk[Symbol.dispose]();
  await pool.close();
  leave(cause, 0);
}

/** The models and threads of a server, in a few words. */
function inWords(pool: ModelPool, { model, threads }: Engine): string {
  const others = pool.ids.length - 1;
  const more = others === 0 ? "" : ` and ${others} more model${others === 1 ? "" : "s"}`;
  return `${model.name}${more}, ${threads} threads`;
}

/** Without a wanted port, takes the first free one. */
function listenOn({ host, port }: Settings, answer: Answer): Listener {
  const maxConnections = roomForConnections(MAX_CONNECTIONS);
  const ports = port === null
    ? Array.from({ length: PORTS_TRIED }, (_, index) => FIRST_PORT + index)
    : [port];
  for (const tried of ports) {
    try {
      return listen({
        host,
        port: tried,
        answer,
        maxConnections,
        onFault: (error) => logger.log("error", "Cannot serve a connection", { error }),
      });
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse) continue;
      const reason = error instanceof Error ? error.message : String(error);
      throw new RangeError(
        `Cannot listen on ${host}: ${reason}. Choose an address of this machine with --host`,
        {
          cause: error,
        },
      );
    }
  }
  throw new RangeError(
    `Cannot listen: every port tried is taken, ${ports.join(", ")}; choose another with --port`,
  );
}

/** Says once that log and clips are closed, and how to open them again. */
function onHiddenProxy(origin: string): void {
  logger.log(
    "warn",
    `Log and clips are closed until the next start: the proxy of ${origin} asks as if it were this machine. ` +
      "Let it pass the Host header, or set X-Forwarded-For",
  );
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${printableLines(text)}\n`));
}

/** Writes what is good to know to the standard output, and what has to be mended to the standard error. */
function terminalLogger(format: LogFormat): Logger {
  return createLogger({
    format,
    date: Date.now,
    write(line, level) {
      const stream = level === "info" ? Deno.stdout : Deno.stderr;
      stream.writeSync(new TextEncoder().encode(`${line}\n`));
    },
  });
}

try {
  await main();
} catch (error) {
  logger.log("error", error instanceof Error ? error.message : String(error));
  Deno.exit(error instanceof GradcastError || error instanceof RangeError ? BAD_INPUT : INTERNAL);
}
