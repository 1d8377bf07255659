/**
 * Compares the engine with models that `onnx_models.py --full DIR` wrote, and prints a row for each.
 *
 *     deno task verify-models DIR [NAME…]
 */
import { Kernels } from "../../server/engine/graph/kernels.ts";
import { startBackend } from "../../server/engine/threads/backend.ts";
import { compare, openOnnx, readReference } from "../support/onnx_reference.ts";

const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
const [folder = "", ...only] = Deno.args;
if (folder === "") {
  say("Cannot verify models: name the folder that onnx_models.py --full wrote");
  Deno.exit(2);
}
const kernels = new Kernels((await startBackend(2)).backend);
const names: string[] = [];
for await (const { name } of Deno.readDir(folder)) {
  if (name.endsWith(".json")) names.push(name.slice(0, -".json".length));
}
say("model | exporter | MB | read, ms | forward, ms | logits | Grad-CAM r | gradient r | at");
for (const name of names.sort().filter((name) => only.length === 0 || only.includes(name))) {
  const reference = await readReference(`${folder}/${name}.json`);
  for (const kind of ["old", "new"] as const) {
    if (reference.logits[kind] === undefined) continue;
    try {
      const start = performance.now();
      const opened = await openOnnx(folder, `${name}.${kind}.onnx`);
      const read = performance.now() - start;
      const result = compare(kernels, opened, reference, kind);
      const megabytes = opened.source.parameters * 4 / 2 ** 20;
      say([
        name,
        kind,
        megabytes.toFixed(0),
        read.toFixed(0),
        result.forward.toFixed(0),
        result.logits.toExponential(1),
        result.cam.toFixed(7),
        result.gradient.toFixed(7),
        result.layer ?? "no layer with these values",
      ].join(" | "));
    } catch (error) {
      say(`${name} | ${kind} | ${error instanceof Error ? error.message : error}`);
    }
  }
}
// The threads would keep the process.
Deno.exit(0);
