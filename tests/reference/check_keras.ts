/**
 * Compares networks of keras.applications that `keras_models.py --full FOLDER` wrote with what PyTorch said of them:
 *
 *     deno run -A --node-modules-dir --v8-flags=--experimental-wasm-revectorize tests/reference/check_keras.ts FOLDER
 */
import { Executor } from "../../server/engine/graph/executor.ts";
import { Kernels } from "../../server/engine/graph/kernels.ts";
import { needsOf } from "../../server/engine/graph/native_needs.ts";
import { optimise } from "../../server/engine/graph/optimise.ts";
import { openModel } from "../../server/engine/model/model.ts";
import { startNative } from "../../server/engine/native/start.ts";
import { startBackend } from "../../server/engine/threads/backend.ts";
import { correlation } from "../../shared/correlation.ts";

const [folder = "", file] = Deno.args;

interface Expected {
  readonly shape: readonly number[];
  readonly layer: string | null;
  readonly logits: readonly number[];
  readonly class: number;
  readonly gradient: readonly number[];
  readonly cam?: readonly number[];
}

if (file === undefined) {
  say("file | s to open | peak ÷ size of the file | logits, relative | Grad-CAM r | gradient r");
  // One process for each: the kernels' memory is one model's.
  for (const name of [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => !name.endsWith(".json")).sort()) {
    await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--node-modules-dir=manual", "--v8-flags=--experimental-wasm-revectorize", import.meta.filename ?? "", folder, name],
      stdout: "inherit",
      stderr: "inherit",
    }).output();
  }
} else {
  const stem = file.replace(/\.[^.]*$/u, "");
  const expected: Expected = JSON.parse(await Deno.readTextFile(`${folder}/${stem}.json`));
  say(`${file} | ${await check(`${folder}/${file}`, expected)}`);
}
Deno.exit(0);

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

async function check(path: string, { shape, layer, logits, class: target, gradient, cam }: Expected): Promise<string> {
  const [before, start] = [Deno.memoryUsage().rss, performance.now()];
  let peak = before;
  const watch = setInterval(() => peak = Math.max(peak, Deno.memoryUsage().rss), 5);
  const { graph: plain } = await openModel(path);
  clearInterval(watch);
  peak = Math.max(peak, Deno.memoryUsage().rss);
  const seconds = (performance.now() - start) / 1000;
  const graph = optimise(plain, layer === null ? {} : { keep: [layer] });
  const backend = await startBackend(2);
  const kernels = new Kernels(backend.backend, await startNative({ ...backend, needs: needsOf(graph) }));
  const executor = new Executor(graph, kernels);
  const length = shape.reduce((product, side) => product * side, 1);
  const picture = Float32Array.from({ length }, (_, at) => ((7919 * at + 13) % 251) / 125 - 1);
  const x = kernels.upload([1, ...shape], picture);
  const to = layer === null ? [graph.input] : [graph.input, layer];
  const recording = executor.record(x, { from: [graph.logits], to });
  const ours = kernels.view(recording.value(graph.logits)).slice();
  const largest = Math.max(...logits.map(Math.abs));
  const difference = Math.max(...logits.map((value, at) => Math.abs(value - (ours[at] ?? NaN)))) / largest;
  const seed = kernels.upload([1, ours.length], ours.map((_, at) => Number(at === target)));
  const values = recording.vjp({ seeds: new Map([[graph.logits, seed]]), to, rule: "plain" });
  const [atInput, atLayer] = values.map((value) => kernels.view(value).slice());
  const map = layer === null || atLayer === undefined ? null : gradCam(kernels.view(recording.value(layer)), atLayer, recording.value(layer).shape.at(-1) ?? 1);
  [x, seed, ...values].forEach((value) => kernels.free(value));
  recording.free();
  executor.dispose();
  const fileBytes = (await Deno.stat(path)).size;
  return [
    seconds.toFixed(1),
    ((peak - before) / fileBytes).toFixed(2),
    difference.toExponential(1),
    map === null || cam === undefined ? "–" : correlation(map, Float32Array.from(cam)).toFixed(7),
    correlation(atInput ?? new Float32Array(), Float32Array.from(gradient)).toFixed(6),
  ].join(" | ");
}

function gradCam(features: Float32Array, gradient: Float32Array, channels: number): Float32Array {
  const cells = features.length / channels;
  const weights = new Float64Array(channels);
  gradient.forEach((value, at) => weights[at % channels] = (weights[at % channels] ?? 0) + value / cells);
  return Float32Array.from({ length: cells }, (_, cell) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += (weights[c] ?? 0) * (features[cell * channels + c] ?? 0);
    return sum;
  });
}
