/**
 * Measures every occlusion window of photos, so that tests can hold the budget to real drops without an engine:
 * window 32, stride 16, filled with grey, the logit of the first class. From the project's folder:
 *
 *     deno run --quiet --config start.json -P=explain server/methods/perturbation/_fixtures/make_drops.ts PHOTO… > server/methods/perturbation/_fixtures/drops.csv
 */
import { basename } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type Engine, MAX_BATCH_ROWS, openEngine, sniffFormat, type Variation } from "../../../engine/mod.ts";
import { topClasses } from "../../ranking.ts";
import { layWindows, rectangleOf } from "../../numerics/windows.ts";

const MODEL = fileURLToPath(new URL("../../../models/efficientnet-lite0", import.meta.url));

/** Logits are good to 1e-4. */
const DECIMALS = 4;

const engine = await openEngine({ modelDir: MODEL });
for (const [key, photo] of Deno.args.entries()) {
  const bytes = await Deno.readFile(photo);
  await engine.admit(key, sniffFormat(bytes) === "jpeg" ? "jpeg" : "png", bytes);
  const name = basename(photo).replace(/\.\w+$/u, "");
  process.stdout.write(`${[name, ...await dropsOf(engine, key)].join(",")}\n`);
}
await engine.close();

async function dropsOf(engine: Engine, frame: number): Promise<number[]> {
  const grid = layWindows(engine.model.height, engine.model.width, { window: 32, stride: 16 });
  const variations: Variation[] = [
    { kind: "none" },
    ...Array.from(
      { length: grid.count },
      (_, index) => ({ kind: "fill", window: rectangleOf(grid, index), fill: "grey" } as const),
    ),
  ];
  const logits: Float32Array[] = [];
  for (let first = 0; first < variations.length; first += MAX_BATCH_ROWS) {
    const batch = variations.slice(first, first + MAX_BATCH_ROWS)
      .map((variation) => ({ frame, variation, want: { kind: "logits" } } as const));
    for (const row of (await engine.run(batch)).rows) {
      if (!row.ok) throw new Error(row.reason);
      logits.push(row.logits);
    }
  }
  const [whole = new Float32Array(), ...hidden] = logits;
  const [target = 0] = topClasses(whole, 1);
  return hidden.map((varied) => Number(((whole[target] ?? NaN) - (varied[target] ?? NaN)).toFixed(DECIMALS)));
}
