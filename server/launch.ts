/** Reads the flags and runs the server, in a process with exactly the permissions that its settings need. */
import { printable } from "../shared/printable.ts";
import { readFlags } from "./flags.ts";
import { runServer } from "./launch/run.ts";

const BAD_INPUT = 2;

/** Given first, `--watch` starts the server again when its sources change. */
const WATCH = "--watch";

async function main(): Promise<number> {
  const watch = Deno.args[0] === WATCH;
  const args = watch ? Deno.args.slice(1) : Deno.args;
  const outcome = readFlags(args, (name) => Deno.env.get(name));
  switch (outcome.kind) {
    case "help":
    case "version":
      write(Deno.stdout, outcome.text);
      return 0;
    case "refused":
      write(Deno.stderr, printable(outcome.message));
      return BAD_INPUT;
    case "settings":
      return await runServer({
        args,
        settings: outcome.settings,
        watch,
        complain: (text) => write(Deno.stderr, printable(text)),
      });
    default:
      return outcome satisfies never;
  }
}

function write(stream: typeof Deno.stdout | typeof Deno.stderr, text: string): void {
  stream.writeSync(new TextEncoder().encode(`${text}\n`));
}

try {
  Deno.exit(await main());
} catch (error) {
  write(Deno.stderr, printable(error instanceof Error ? error.message : String(error)));
  Deno.exit(error instanceof RangeError ? BAD_INPUT : 1);
}
