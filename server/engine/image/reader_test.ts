import assert from "node:assert/strict";
import { GradcastError } from "../../../shared/errors.ts";
import { random } from "../testing/goldens.ts";
import { decodePicture, fitInput, PictureReader } from "./mod.ts";

const INPUT = { width: 32, height: 32 };
const LIMITS = { maxSide: 100 };
const NEVER = new AbortController().signal;

/**
 * Workers that never answer, as a decoder that hangs; counts those that were made. They sleep: Deno cannot end a worker
 * that computes, and it would take a core from all tests behind this one.
 */
function hanging() {
  let made = 0;
  const script = "self.onmessage = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);";
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  return {
    made: () => made,
    create() {
      made++;
      return new Worker(url, { type: "module" });
    },
  };
}

for (const name of ["baseline.jpg", "rgba.png", "lossy.webp", "444.avif", "transparent.gif", "alpha.bmp"]) {
  Deno.test(`PictureReader reads ${name} as decodePicture() and fitInput() do`, async () => {
    using reader = new PictureReader();
    const bytes = await fixture(name);
    const { picture, notes } = await reader.read({ bytes, input: INPUT, limits: LIMITS }, NEVER);
    assert.deepEqual(picture, fitInput(await decodePicture(bytes), 32, 32));
    assert.deepEqual(notes, []);
  });
}

Deno.test("PictureReader hands on refusals and notes, and reads on after them", async () => {
  using reader = new PictureReader();
  const read = (bytes: Uint8Array<ArrayBuffer>, maxSide = 100) =>
    reader.read({ bytes, input: INPUT, limits: { maxSide } }, NEVER);
  const gif = await fixture("moving.gif");
  const refused = (code: string) => (error: unknown) => error instanceof GradcastError && error.code === code;
  await assert.rejects(read(gif, 36), refused("frame-side"));
  await assert.rejects(read(gif.slice(0, 40)), refused("frame-corrupt"));
  await assert.rejects(read(new Uint8Array(40)), refused("frame-format"));
  assert.deepEqual((await read(gif)).notes, ["The GIF moves: its first picture is taken"]);
});

Deno.test("PictureReader answers whatever the bytes are, and in time", async () => {
  using reader = new PictureReader({ timeoutMs: 10_000 });
  const names: string[] = [];
  for await (const { name } of Deno.readDir(new URL("./_fixtures/", import.meta.url))) {
    if (/\.(png|jpg|webp|avif|gif|bmp)$/u.test(name)) names.push(name);
  }
  for (const [place, name] of names.entries()) {
    const source = await fixture(name);
    const next = random(place);
    for (let damage = 0; damage < 4; damage++) {
      // A cut, or some bits that are not what they were.
      const bytes = damage === 0 ? source.slice(0, source.length * next()) : source.slice();
      for (let bit = 0; bit < damage && bytes.length > 0; bit++) {
        const at = Math.floor(next() * bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ 1 << Math.floor(next() * 8);
      }
      await reader.read({ bytes, input: INPUT, limits: LIMITS }, NEVER).then(
        ({ picture }) => assert.equal(picture.rgb.length, 32 * 32 * 3),
        (error) => {
          assert.ok(error instanceof GradcastError, `${name}: ${error}`);
          assert.doesNotMatch(error.message, /takes longer/u, name);
        },
      );
    }
  }
  const good = await reader.read({ bytes: await fixture("444.avif"), input: INPUT, limits: LIMITS }, NEVER);
  assert.deepEqual(good.notes, []);
});

Deno.test("PictureReader gives up a decoder that hangs, and has a fresh one for the next picture", async () => {
  const workers = hanging();
  using reader = new PictureReader({ timeoutMs: 20, createWorker: workers.create });
  const request = { bytes: await fixture("rgb.png"), input: INPUT, limits: LIMITS };
  for (let picture = 1; picture <= 2; picture++) {
    await assert.rejects(
      reader.read(request, NEVER),
      /^GradcastError: Cannot decode the picture: it takes longer than 20 ms\. Make it smaller/u,
    );
    assert.equal(workers.made(), picture);
  }
});

Deno.test("PictureReader reads on after a second reply, a worker that died between pictures and one that cannot be asked", async () => {
  const outcome =
    `{ kind: "failed", error: { code: "frame-side", message: String(data.number), causes: [] } }`;
  const script = `self.onmessage = ({ data }) => {
    for (let reply = 0; reply < 2; reply++) self.postMessage({ number: data.number, outcome: ${outcome} });
    if (data.number === 2) setTimeout(() => { throw new Error("died idle"); });
  };`;
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const workers: Worker[] = [];
  using reader = new PictureReader({
    createWorker() {
      const worker = new Worker(url, { type: "module" });
      workers.push(worker);
      return worker;
    },
  });
  const request = { bytes: await fixture("rgb.png"), input: INPUT, limits: LIMITS };
  await assert.rejects(reader.read(request, NEVER), { message: "1" });
  await assert.rejects(reader.read(request, NEVER), { message: "2" });
  const [worker] = workers;
  await new Promise((resolve) => worker?.addEventListener("error", resolve));
  await assert.rejects(reader.read(request, NEVER), { message: "3" });
  assert.equal(workers.length, 2);
  const strange = { ...request, input: { ...INPUT, width: {}.constructor as unknown as number } };
  await assert.rejects(reader.read(strange, NEVER), /could not be cloned/u);
  await assert.rejects(reader.read(request, NEVER), { message: "5" });
});

Deno.test("PictureReader ends the work with its signal, and with itself", async () => {
  const workers = hanging();
  const reader = new PictureReader({ createWorker: workers.create });
  const request = { bytes: await fixture("rgb.png"), input: INPUT, limits: LIMITS };
  const gone = new AbortController();
  const first = reader.read(request, gone.signal);
  const second = reader.read(request, NEVER);
  gone.abort(new Error("the client has gone"));
  await assert.rejects(first, /the client has gone/u);
  reader[Symbol.dispose]();
  await assert.rejects(second, /its reader was closed/u);
  await assert.rejects(reader.read(request, NEVER), /its reader was closed/u);
});

function fixture(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(`./_fixtures/${name}`, import.meta.url));
}
