/** The launcher with another script for the engine's process: the first argument names it, the others are the flags. */
import { readFlags } from "../../server/flags.ts";
import { runServer } from "../../server/launch/run.ts";

const [engine, ...args] = Deno.args;
const outcome = readFlags(args, () => undefined);
if (outcome.kind !== "settings" || engine === undefined) throw new Error(`Cannot launch: got ${Deno.args}`);
Deno.exit(
  await runServer({
    settings: outcome.settings,
    args,
    watch: false,
    entries: { engine: new URL(engine) },
    complain: (text) => Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`)),
  }),
);
