import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Engine } from "../engine/mod.ts";
import { createMemoryEngine } from "../engine/testing/memory_engine.ts";
import { memoryIo } from "./testing/memory_io.ts";
import { withId } from "../pool/mod.ts";
import { namesFor } from "./_outputs.ts";
import { EXIT, main } from "./explain.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COFFEE = `${ROOT}tests/fixtures/photos/coffee.png`;

/** Clears the screen, sets the title, forges a line, and turns the direction of writing. */
const EVIL = "\x1b[2J\x1b]0;owned\x07\r\nforged\u009b31m\u202e";

/** What none of the command's texts may have in it; colours and the bar are its own. */
const OBEYED = /[\p{Cc}\u202a-\u202e]/u;

/** An engine whose model, layers and classes have names that a terminal obeys. */
function evilEngine(): Engine {
  const engine = createMemoryEngine({ model: { name: `model ${EVIL}` } });
  const { model } = engine;
  const named = {
    ...model,
    labels: model.labels.map((label) => `${label}${EVIL}`),
    layers: model.layers.map((layer) => ({ ...layer, kind: `${layer.kind}${EVIL}` })),
  };
  return {
    ...withId(engine, model.id),
    model: named,
    threadsNote: `fewer threads ${EVIL}`,
  };
}

for (const args of [[COFFEE], [COFFEE, "--method", "cam,saliency", "--trust"], ["--layers"]]) {
  Deno.test(`explain shows names that a terminal obeys as text: ${args.join(" ").replace(COFFEE, "photo")}`, async () => {
    const io = memoryIo({ engine: evilEngine() });
    assert.equal(await main(args, io), EXIT.done, io.err());
    for (const text of [io.out(), io.err()]) {
      const lines = text.split("\n");
      assert.deepEqual(lines.filter((line) => OBEYED.test(line)), []);
      assert.deepEqual(lines.filter((line) => line.startsWith("forged")), []);
    }
    assert.match(io.out(), /\\u001b\[2J/u);
    assert.match(io.err(), /^fewer threads \\u001b\[2J.*\n$/u);
  });
}

Deno.test("explain shows a progress bar whose picture's name a terminal obeys as text", async () => {
  let ms = 0;
  const io = {
    ...memoryIo({ engine: evilEngine(), terminal: { watched: true, colour: false } }),
    readFile: () => Deno.readFile(COFFEE),
    now: () => ms += 5_000,
  };
  assert.equal(await main([`a${EVIL}.png`, "--method", "saliency"], io), EXIT.done);
  const bars = io.err().split("\r").filter((text) => text.includes("█"));
  assert.ok(bars.length > 0);
  for (const text of bars) assert.doesNotMatch(text.replaceAll("\x1b[K", "").trimEnd(), OBEYED);
});

Deno.test("explain, as a process, prints nothing that a terminal obeys, whatever files and models are called", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const layers = [{ class_name: `Evil${EVIL}`, config: { name: `layer${EVIL}` } }];
    const modelTopology = { model_config: { class_name: "Sequential", config: { name: "m", layers } } };
    const input = { class_name: "InputLayer", config: { name: "in", batch_input_shape: [null, 8, 8, 3] } };
    layers.unshift(input as typeof layers[number]);
    await Deno.writeTextFile(`${folder}/model.json`, JSON.stringify({ modelTopology, weightsManifest: [] }));
    const command = new Deno.Command("deno", {
      args: [
        "run",
        "--quiet",
        "--config",
        "start.json",
        "-P=explain",
        "--no-prompt",
        "server/cli/explain.ts",
        "x.png",
        "--model",
        folder,
      ],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
    });
    const { code, stdout, stderr } = await command.output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assert.equal(code, EXIT.usage, text);
    assert.match(text, /Evil\\u001b\[2J/u);
    assert.doesNotMatch(text.replaceAll("\n", ""), OBEYED);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("namesFor() keeps every name within what file systems take, in bytes as well", () => {
  const long = (letter: string) => letter.repeat(300);
  const names = namesFor("out.png", [
    { picture: 0, image: `${long("猫")}.png`, method: "integrated-gradients", classText: long("ἀ") },
    { picture: 1, image: `${long("犬")}.png`, method: "cam", classText: "../../etc/passwd\u0000" },
    { picture: 2, image: "con.png", method: "cam", classText: ".." },
  ]);
  const bytes = names.map((name) => new TextEncoder().encode(name).length);
  assert.ok(Math.max(...bytes) < 255, `longest: ${Math.max(...bytes)} bytes`);
  assert.deepEqual(names.slice(1).map((name) => name.replace(/犬+/u, "犬")), [
    "out-犬-cam-etc-passwd.png",
    "out-con-cam-class.png",
  ]);
});
