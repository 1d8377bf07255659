/** Reads the flags and runs the server, in a process with exactly the permissions that its settings need. */
import { logFormatOf, readFlags } from "./flags.ts";
import { runServer } from "./launch/run.ts";
import { createLogger, type LogFormat, type Logger } from "./logger/mod.ts";

const BAD_INPUT = 2;

/** Given first, `--watch` starts the server again when its sources change. */
const WATCH = "--watch";

/** The terminal; in which form is known once the flags were looked at. */
let logger = loggerFor("text");

async function main(): Promise<number> {
  const watch = Deno.args[0] === WATCH;
  const args = watch ? Deno.args.slice(1) : Deno.args;
  logger = loggerFor(logFormatOf(args, (name) => Deno.env.get(name)));
  const outcome = readFlags(args, (name) => Deno.env.get(name));
  switch (outcome.kind) {
    case "help":
    case "version":
      write(Deno.stdout, outcome.text);
      return 0;
    case "refused":
      logger.log("error", outcome.message);
      return BAD_INPUT;
    case "settings":
      return await runServer({
        args,
        settings: outcome.settings,
        watch,
        complain: (text) => logger.log("warn", text),
      });
    default:
      return outcome satisfies never;
  }
}

function loggerFor(format: LogFormat): Logger {
  return createLogger({ format, date: Date.now, write: (line) => write(Deno.stderr, line) });
}

function write(stream: typeof Deno.stdout | typeof Deno.stderr, text: string): void {
  stream.writeSync(new TextEncoder().encode(`${text}\n`));
}

try {
  Deno.exit(await main());
} catch (error) {
  logger.log("error", error instanceof Error ? error.message : String(error));
  Deno.exit(error instanceof RangeError ? BAD_INPUT : 1);
}
