/** Sidecars of the largest size, checked in a process of their own. */
import assert from "node:assert/strict";
import { MAX_CLIP_SIDECAR_BYTES } from "../../shared/limits.ts";
import { MAX_SIDECAR_FRAMES } from "../../shared/sidecar.ts";
import { SIDECAR } from "./testing/small_clip.ts";
import { sidecarFault } from "./_sidecar.ts";

/** What a check may take beside the file. */
const MAX_BYTES = 64 * 1024 * 1024;

const EMPTY = new TextDecoder().decode(SIDECAR);
const VIEW = {
  ...{ method: "m", name: "M", target: { kind: "rank", rank: 1 }, layer: null, options: {}, signed: false },
  ...{ network: false, unit: "logits", mirrored: false, picture: [640, 480] },
};
const FRAME = JSON.stringify({
  t: 1,
  view: 0,
  frame: 1,
  target: 7,
  predictions: Array(5).fill([7, 0.123456789]),
  scale: { low: 0, high: 1.5 },
  map: { height: 14, width: 14, scale: 2.25, values: btoa("x".repeat(196)) },
});

interface Taken {
  readonly fault: string | null;
  readonly bytes: number;
  readonly ms: number;
}

/** Checks a file of at most the largest size that begins and ends as said, with `entry` in between as often as it fits. */
async function checked(begin: string, entry: string, end: string, most = Infinity): Promise<Taken> {
  const path = await Deno.makeTempFile();
  try {
    {
      using file = await Deno.open(path, { write: true });
      const count = Math.min(
        most,
        Math.floor((MAX_CLIP_SIDECAR_BYTES - begin.length - end.length) / entry.length),
      );
      const block = Math.ceil(1e6 / entry.length);
      const write = (text: string) => file.write(new TextEncoder().encode(text));
      await write(begin);
      for (let left = count; left > 0; left -= block) await write(entry.repeat(Math.min(block, left)));
      await write(end);
    }
    const { stdout } = await new Deno.Command("deno", {
      args: ["run", "--no-check", "--allow-read", "server/store/testing/sidecar_memory.ts", path],
      stderr: "inherit",
    }).output();
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("C5: a sidecar of 64 MB ends at its first fault, in little memory", async (t) => {
  const hostile: readonly (readonly [string, string, string, RegExp])[] = [
    ['{"gradcast":1,"frames":[', "{},", "{}]}", /'frames\.0\.t'/],
    ['{"frames":[', "{},", '{}],"gradcast":1}', /'frames\.0\.t'/],
    ['{"gradcast":2,"frames":', "[", "", /'frames' is nested deeper/],
    ['{"gradcast":2,"created":"', "x", '"}', /'created' has more/],
    ['{"gradcast":2,"x":', " ", "1}", /'created'|'labels'/],
    ['{"gradcast":2,"sharedNames":[', "0,", "0]}", /'sharedNames' does not fit, expected at most/],
    ['{"gradcast":2', ',"a":1', "}", /'a' is given twice/],
    ["", "{", "", /expected JSON/],
  ];
  for (const [begin, entry, end, fault] of hostile) {
    await t.step(`${begin}${entry}…${end}`, async () => {
      const taken = await checked(begin, entry, end);
      assert.match(taken.fault ?? "none", fault);
      assert.ok(taken.bytes < MAX_BYTES, `${taken.bytes} bytes in ${taken.ms} ms`);
    });
  }
});

Deno.test("C5: a good sidecar of the largest size is checked in little memory", async () => {
  const begin = EMPTY.replace('"views":[]', `"views":[${JSON.stringify(VIEW)}]`)
    .replace('"frames":[],"markers":[]}', '"markers":[],"frames":[');
  const taken = await checked(begin, `${FRAME},`, `${FRAME}]}`, MAX_SIDECAR_FRAMES - 1);
  assert.equal(taken.fault, null);
  assert.ok(taken.bytes < MAX_BYTES, `${taken.bytes} bytes in ${taken.ms} ms`);
});

Deno.test("sidecarFault() reads characters that are cut by a piece's end, and refuses what is not UTF-8", async () => {
  const named = new TextEncoder().encode(EMPTY.replace("Model", "Modèl 🥁"));
  const inPieces = (bytes: Uint8Array<ArrayBuffer>) => () =>
    ReadableStream.from(Array.from(bytes, (byte) => Uint8Array.of(byte)));
  assert.equal(await sidecarFault(inPieces(named)), null);
  assert.match(await sidecarFault(inPieces(named.with(named.indexOf(0xf0), 0xff))) ?? "", /encod|UTF-8/i);
});
