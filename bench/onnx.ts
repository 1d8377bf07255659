/**
 * `deno task bench-onnx MODEL.onnx…`: a forward pass of this engine against that of onnxruntime-web's WASM backend, in
 * turns, both with the same model, picture size and number of threads.
 */
import * as ort from "onnxruntime-web";
import { type Engine, openEngine } from "../server/engine/mod.ts";
import { Ours } from "./_ours.ts";
import { measure, type Row, table } from "./_rows.ts";

const PHOTO = "tests/fixtures/photos/coffee.png";
const ROUNDS = 25;
const THREADS = 2;
const RGB = 3;

/** What a forward pass may take of onnxruntime-web's, by a part of the file's name. */
const GOALS = [["resnet18", 0.8], ["vit", 1]] as const;

/** A grey picture: a forward pass takes as long for any other. */
const GREY = 0.5;

async function main(): Promise<void> {
  if (Deno.args.length === 0) {
    throw new RangeError("Cannot run the bench: expected the paths of ONNX models, got none");
  }
  ort.env.wasm.numThreads = THREADS;
  // All before the first session, whose threads leave Deno's workers without their globals.
  const engines = await Promise.all(
    Deno.args.map(async (path) => [path, await openEngine({ modelDir: path, threads: THREADS })] as const),
  );
  const goals = new Map<string, number | null>();
  const rows: Row[] = [];
  for (const [path, engine] of engines) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const goal = GOALS.find(([part]) => name.includes(part))?.[1] ?? null;
    goals.set(name, goal);
    rows.push(await compare(engine, path, name, goal));
  }
  const text =
    `${table(rows, goals)}\n\n${THREADS} threads each on ${navigator.hardwareConcurrency} cores, ` +
    `onnxruntime-web ${ort.env.versions.web}, medians of ${ROUNDS} pairs taken in turn.\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(text));
  // Its threads have no other end.
  Deno.exit();
}

async function compare(engine: Engine, path: string, name: string, goal: number | null): Promise<Row> {
  const session = await ort.InferenceSession.create(await Deno.readFile(path), {
    executionProviders: ["wasm"],
  });
  try {
    const { height, width } = engine.model;
    const ours = new Ours(engine, await Deno.readFile(PHOTO));
    const pixels = new Float32Array(RGB * height * width).fill(GREY);
    const input = new ort.Tensor("float32", pixels, [1, RGB, height, width]);
    const [inputName = ""] = session.inputNames;
    return await measure({
      name,
      other: "onnxruntime-web, WASM",
      goal,
      ours: () => ours.forward(),
      async others() {
        const startMs = performance.now();
        await session.run({ [inputName]: input });
        return performance.now() - startMs;
      },
    }, ROUNDS);
  } finally {
    await session.release();
    await engine.close();
  }
}

await main();
