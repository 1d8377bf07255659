/**
 * `deno task bench-memory`: runs every method many times and prints what the engine and the process hold after a
 * tenth of the runs and after all of them. What does not grow between the two is flat.
 */
import { openEngine } from "../server/engine/mod.ts";
import { METHODS, refusalOf } from "../server/methods/mod.ts";
import type { OptionValues } from "../shared/protocol.ts";
import { Ours } from "./_ours.ts";

const MODEL_DIR = "models/efficientnet-lite0";
const PHOTO = "tests/fixtures/photos/coffee.png";

/** Runs of each method; an argument changes it. */
const RUNS = 500;

/** Fewer samples, windows and steps: each run allocates the same in fewer rounds. */
const SHORT: Readonly<Record<string, OptionValues>> = {
  smoothgrad: { samples: 4 },
  "integrated-gradients": { steps: 3 },
  occlusion: { budget: 16 },
  "score-cam": { "top-channels": 8 },
  rise: { masks: 8 },
  "feature-visualization": { steps: 2 },
};

const BYTES_PER_MB = 1e6;

async function main(): Promise<void> {
  const runs = Number(Deno.args[0] ?? RUNS);
  if (!Number.isInteger(runs) || runs < 10) {
    throw new RangeError(
      `Cannot measure memory: expected 10 runs or more, got ${Deno.args[0]}`,
    );
  }
  const engine = await openEngine({ modelDir: MODEL_DIR });
  const ours = new Ours(engine, await Deno.readFile(PHOTO));
  const look = async () => {
    const { tensors, tensorBytes, heapBytes } = await engine.stats();
    return { tensors, tensorBytes, heapBytes, rss: Deno.memoryUsage().rss };
  };
  say(`${runs} runs of each method: tensors, their MB, end of the WebAssembly heap in MB, RSS in MB`);
  for (const { id } of METHODS.filter((method) => refusalOf(engine.model, method) === null)) {
    const asked = { method: id, options: SHORT[id] ?? {} };
    for (let run = 0; run < runs / 10; run++) await ours.explain(asked);
    const early = await look();
    for (let run = 0; run < runs - runs / 10; run++) await ours.explain(asked);
    const late = await look();
    const column = (name: keyof typeof early, width: number) =>
      name === "tensors"
        ? `${early[name]} → ${late[name]}`.padStart(width)
        : `${megabytes(early[name])} → ${megabytes(late[name])}`.padStart(width);
    say(
      [
        id.padEnd(22),
        column("tensors", 12),
        column("tensorBytes", 16),
        column("heapBytes", 18),
        column("rss", 18),
      ]
        .join(" "),
    );
  }
  await engine.close();
}

function megabytes(bytes: number): string {
  return (bytes / BYTES_PER_MB).toFixed(1);
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

await main();
