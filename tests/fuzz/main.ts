/** `deno task fuzz --minutes 30`: fuzzes for as long as one likes, with a seed that repeats the run. */
import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: String(Math.floor(Date.now() / 1_000) % 1_000_000) },
    only: { type: "string", multiple: true },
  },
});
const seed = Number(values.seed);
say(`seed ${seed}, ${values.minutes} minutes`);
const { steps, findings } = await fuzz({
  seed,
  durationMs: Number(values.minutes) * 60_000,
  ...(values.only === undefined ? {} : { only: values.only }),
  onStep(kind, count) {
    if (count % 500 === 0) say(`${kind}: ${count}`);
  },
});
for (const [kind, count] of steps) say(`${kind}: ${count} steps`);
for (const finding of findings) say(`FOUND ${finding}`);
Deno.exit(findings.length === 0 ? 0 : 1);

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}
