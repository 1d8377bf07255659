/** Several pictures in one run of the command. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { GradcastError } from "../../shared/errors.ts";
import { createMemoryEngine, type MemoryEngine } from "../engine/testing/memory_engine.ts";
import { encodePng } from "../report/mod.ts";
import { type MemoryIo, memoryIo, type MemoryIoOptions } from "./testing/memory_io.ts";
import { EXIT, main } from "./explain.ts";

/** Bytes of each picture that a run may keep: its figures and its name, not the 150 kB of its pixels or its maps. */
const MAX_GROWTH_BYTES = 20_000;

const PICTURE = pictureOf(40);
const FILES = { "a.png": PICTURE, "bad.png": PICTURE.slice(0, 60), "c.png": pictureOf(200) };
const NAMES = Object.keys(FILES);

function pictureOf(level: number): Uint8Array<ArrayBuffer> {
  return encodePng({ width: 8, height: 8, rgb: new Uint8Array(192).fill(level) });
}

async function run(
  args: readonly string[],
  options: MemoryIoOptions = {},
): Promise<{ code: number; io: MemoryIo }> {
  const io = memoryIo({ engine: createMemoryEngine(), files: FILES, ...options });
  return { code: await main(args, io), io };
}

interface Entry {
  readonly image: string;
  readonly attribution?: unknown;
  readonly error?: { readonly code: string | null; readonly message: string };
}

function assertEntries(entries: readonly Entry[]): void {
  assert.deepEqual(
    entries.map(({ image, attribution, error }) => [image, attribution !== undefined, error?.code]),
    [
      ["a.png", true, undefined],
      ["bad.png", false, "frame-corrupt"],
      ["none.png", false, null],
      ["c.png", true, undefined],
    ],
  );
  assert.match(entries[1]?.error?.message ?? "", /^bad\.png: Cannot decode the picture/);
  assert.match(entries[2]?.error?.message ?? "", /there is no such file/);
}

const WITH_BAD = ["a.png", "bad.png", "none.png", "c.png"];

Deno.test("a picture that cannot be explained has its own entry, the others are there, and the exit code is 1", async () => {
  const { code, io } = await run([
    ...WITH_BAD,
    "--json",
    "--map",
    "m.npy",
    "--png",
    "o.png",
    "--report",
    "r.html",
  ]);
  assert.equal(code, EXIT.fault);
  assertEntries(JSON.parse(io.out()));
  assert.deepEqual([...io.written.keys()].sort(), ["m-a.npy", "m-c.npy", "o-a.png", "o-c.png", "r.html"]);
  const report = new TextDecoder().decode(io.written.get("r.html"));
  assert.equal(report.match(/<article/g)?.length, 4);
  assert.match(report, /Not explained\. bad\.png: Cannot decode/);
  assert.match(io.err(), /^bad\.png: .*\n.*none\.png.*\n2 of 4 images could not be explained\.\n$/);
});

Deno.test("--json-lines prints a document in each line before the next picture is looked at", async () => {
  const seen: string[] = [];
  let io: MemoryIo | null = null;
  const engine = createMemoryEngine({ beforeAdmit: () => void seen.push(io?.out() ?? "") });
  io = memoryIo({ engine, files: FILES });
  assert.equal(await main([...WITH_BAD, "--json-lines"], io), EXIT.fault);
  const lines = io.out().trimEnd().split("\n");
  assertEntries(lines.map((line) => JSON.parse(line)));
  assert.deepEqual(seen, ["", `${lines.slice(0, 3).join("\n")}\n`]);
});

Deno.test("--json-lines has a line for a single picture too, good or bad", async () => {
  const good = await run(["a.png", "--json-lines"]);
  assert.deepEqual([good.code, JSON.parse(good.io.out()).image], [EXIT.done, "a.png"]);
  const bad = await run(["bad.png", "--json-lines"]);
  assert.deepEqual([bad.code, JSON.parse(bad.io.out()).error.code], [EXIT.fault, "frame-corrupt"]);
});

Deno.test("a person reads what failed among the summaries, and where each picture's files went", async () => {
  const { code, io } = await run([...NAMES, "--map", "m.npy"]);
  assert.equal(code, EXIT.fault);
  assert.match(io.out(), /a\.png · [\s\S]*Written: m-a\.npy\n[\s\S]*c\.png · [\s\S]*Written: m-c\.npy\n/);
  assert.match(io.err(), /1 of 3 images could not be explained/);
});

Deno.test("an interruption between two pictures leaves whole JSON and no report", async () => {
  const controller = new AbortController();
  const engine: MemoryEngine = createMemoryEngine({
    beforeAdmit: (key) => key === 2 && controller.abort() || undefined,
  });
  const { code, io } = await run(["a.png", "c.png", "--json", "--report", "r.html"], {
    engine,
    interrupted: controller.signal,
  });
  assert.equal(code, EXIT.interrupted);
  assert.deepEqual(JSON.parse(io.out()).map(({ image }: Entry) => image), ["a.png"]);
  assert.deepEqual([...io.written.keys()], []);
});

Deno.test("a run ends where the engine fails on three pictures in a row, and continues where it recovers", async () => {
  const images = Array.from({ length: 6 }, (_, index) => `${index}.png`);
  const files = Object.fromEntries(images.map((image) => [image, PICTURE]));
  const failing = (fails: (batch: number) => boolean) => {
    let batches = 0;
    return createMemoryEngine({
      beforeRun: () => {
        if (fails(++batches)) throw new GradcastError("engine-failed", "Cannot run the batch: it broke");
      },
    });
  };
  const broken = failing(() => true);
  const ended = await run([...images, "--json"], { engine: broken, files });
  assert.deepEqual([ended.code, broken.batches.length], [EXIT.fault, 3]);
  assert.equal(JSON.parse(ended.io.out()).length, 2);
  const recovered = await run([...images, "--json"], { engine: failing((batch) => batch < 3), files });
  assert.equal(recovered.code, EXIT.fault);
  assert.deepEqual(
    JSON.parse(recovered.io.out()).map(({ error }: Entry) => error?.code ?? null),
    ["engine-failed", "engine-failed", null, null, null, null],
  );
});

Deno.test({
  name: "no output goes through a link onto a picture, nor two outputs onto one file",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "gradcast-links-" });
    try {
      const image = join(folder, "cat.png");
      await Deno.writeFile(image, PICTURE);
      await Deno.symlink(image, join(folder, "out.png"));
      await Deno.symlink(folder, join(folder, "same"));
      for (const output of [join(folder, "out.png"), join(folder, "same", "cat.png")]) {
        const { code, io } = await run([image, "--png", output]);
        assert.equal(code, EXIT.usage, output);
        assert.match(io.err(), /^Cannot write the file: it is the image '.*cat\.png'/);
      }
      const linked = await run([join(folder, "out.png"), "--png", image]);
      assert.match(linked.io.err(), /it is the image/);
      const twice = await run([image, "--map", join(folder, "m"), "--png", join(folder, "same", "m")]);
      assert.match(twice.io.err(), /another output has that name/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("memory stays flat from picture to picture", async () => {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--v8-flags=--expose-gc",
      "--no-prompt",
      "--allow-read",
      "--allow-env",
      "server/cli/testing/batch_growth.ts",
    ],
    stdout: "piped",
    stderr: "piped",
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  const bytes = Number(new TextDecoder().decode(stdout));
  assert.ok(bytes < MAX_GROWTH_BYTES, `${bytes} bytes a picture`);
});
