import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { assertProperty, readSeed } from "./seeded.ts";

/** Runs the tests that fail; returns what they wrote without times. */
async function failing(env: Record<string, string>): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("deno", {
    args: ["test", "--quiet", "--no-check", "--no-prompt", "-P=test", "tests/fixtures/failing.ts"],
    env: { NO_COLOR: "1", ...env },
  }).output();
  assert.equal(success, false);
  const text = new TextDecoder().decode(new Uint8Array([...stdout, ...stderr]));
  return text.replaceAll(/\(\d+(ms|µs|s)\)/g, "");
}

Deno.test("a test that fails with random inputs prints its seed, and fails alike with it again", async () => {
  const first = await failing({});
  const seeds = [...first.matchAll(/run the test again with GRADCAST_SEED=(\d+)/g)].map(([, seed]) =>
    seed ?? ""
  );
  assert.equal(seeds.length, 3, first);
  const [seed = ""] = seeds;
  const again = await failing({ GRADCAST_SEED: seed });
  assert.equal(again, await failing({ GRADCAST_SEED: seed }));
  assert.equal(again.split(`GRADCAST_SEED=${seed}`).length, 4, again);
  assert.notEqual(again, await failing({ GRADCAST_SEED: `${Number(seed) ^ 1}` }));
});

Deno.test("assertProperty() gives the inputs of its seed", { ignore: readSeed(7) !== 7 }, () => {
  const inputs = (seed: number) => {
    const seen: number[] = [];
    assertProperty(fc.property(fc.integer(), (number) => void seen.push(number)), { seed, numRuns: 20 });
    return seen;
  };
  assert.deepEqual(inputs(7), inputs(7));
  assert.notDeepEqual(inputs(7), inputs(8));
});

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory && name !== "node_modules") yield* sources(path);
    else if (/_test\.tsx?$|(^|\/)_?testing\b|^tests\/.*\.ts$/.test(path)) yield path;
  }
}

Deno.test("tests draw random inputs from a seed alone", async () => {
  const unseeded = /\bMath\.random\(|\bgetRandomValues\(|\bfc\.(assert|check)\(/;
  const faults: string[] = [];
  for (const folder of ["shared", "client", "server", "tests"]) {
    for await (const file of sources(folder)) {
      if (!file.startsWith("tests/support/seeded") && unseeded.test(await Deno.readTextFile(file))) {
        faults.push(file);
      }
    }
  }
  assert.deepEqual(faults, []);
});
