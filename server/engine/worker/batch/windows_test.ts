import assert from "node:assert/strict";
import { maxDifference, MODEL_DIR, readPhoto } from "../../testing/goldens.ts";
import { needsOf } from "../../graph/native_needs.ts";
import { openModel } from "../../model/model.ts";
import { startNative } from "../../native/start.ts";
import type { Fill, InputWindow, Probe } from "../../port.ts";
import { startBackend, stopBackend } from "../../threads/backend.ts";
import { EngineCore } from "./core.ts";

const SIDE = 224;
const RGB = 3;

/** Logits of a window that was computed in parts against those of the whole picture. */
const TOLERANCE = 1e-4;

async function withCore(test: (core: EngineCore) => void): Promise<void> {
  const [folder, backend] = await Promise.all([openModel(MODEL_DIR), startBackend(2)]);
  const native = await startNative({ ...backend, needs: needsOf(folder.graph) });
  try {
    const core = new EngineCore(folder, backend, native);
    for (const [key, photo] of (["coffee", "chelsea"] as const).entries()) {
      await core.admit(key, "png", await readPhoto(photo));
    }
    test(core);
  } finally {
    native?.end();
    stopBackend();
  }
}

function hidden(frame: number, window: InputWindow, fill: Fill = "grey"): Probe {
  return { frame, variation: { kind: "fill", window, fill }, want: { kind: "logits" } };
}

function logitsOf(core: EngineCore, batch: readonly Probe[]): readonly Float32Array[] {
  return core.run(batch).rows.map((row) => {
    if (!row.ok) throw new assert.AssertionError({ message: row.reason });
    return row.logits;
  });
}

/** The input of a frame, as a row has it. */
function pixelsOf(core: EngineCore, frame: number): Float32Array {
  const { rows: [row] } = core.run([{
    frame,
    variation: { kind: "none" },
    want: {
      kind: "input",
      score: { kind: "target", target: { kind: "class", index: 0 }, score: "logit" },
      rule: "plain",
    },
  }]);
  if (row?.ok && row.detail?.kind === "input") return row.detail.input.values;
  throw new assert.AssertionError({ message: "the row has no input" });
}

Deno.test("EngineCore computes windows in parts as it computes whole pictures, of several frames at once", async () => {
  await withCore((core) => {
    const windows: readonly InputWindow[] = [
      { top: 0, left: 0, height: 32, width: 32 },
      { top: 192, left: 192, height: 32, width: 32 },
      { top: 80, left: 100, height: 32, width: 32 },
      { top: 37, left: 3, height: 32, width: 32 },
      { top: 11, left: 150, height: 20, width: 44 },
    ];
    for (const frame of [0, 1]) {
      const pixels = pixelsOf(core, frame);
      const whole = windows.map((window): Probe => {
        const values = pixels.slice();
        for (let y = window.top; y < window.top + window.height; y++) {
          const first = RGB * (y * SIDE + window.left);
          values.fill(0, first, first + RGB * window.width);
        }
        return { frame, variation: { kind: "input", values }, want: { kind: "logits" } };
      });
      const other = hidden(1 - frame, windows[2] as InputWindow);
      const [inParts, wanted] = [
        logitsOf(core, [...windows.map((window) => hidden(frame, window)), other]),
        logitsOf(core, whole),
      ];
      for (const [place, logits] of wanted.entries()) {
        assert.ok(maxDifference(inParts[place] ?? [], logits) < TOLERANCE, `window ${place}`);
      }
      assert.ok(maxDifference(inParts[2] ?? [], inParts[5] ?? []) > 0.1, "each frame has its own");
    }
  });
});

Deno.test("EngineCore keeps what windows build on while they come, and gives it back", async () => {
  await withCore((core) => {
    const window = { top: 64, left: 64, height: 32, width: 32 };
    const unchanged: Probe = { frame: 0, variation: { kind: "none" }, want: { kind: "logits" } };
    logitsOf(core, [unchanged]);
    const atFirst = core.stats().tensors;
    logitsOf(core, [hidden(0, window), hidden(0, { ...window, top: 80 })]);
    const kept = core.stats().tensors;
    assert.ok(kept > atFirst, "the unchanged frame's values are kept");
    for (let round = 0; round < 20; round++) {
      logitsOf(core, [hidden(0, { ...window, left: 3 * round }), hidden(0, window, "blur")]);
      logitsOf(core, [unchanged]);
    }
    assert.equal(core.stats().tensors, kept);
    core.release(0);
    assert.equal(core.stats().tensors, atFirst, "a released frame leaves nothing behind");
  });
});

Deno.test("EngineCore keeps what windows will want from a frame's own row on", async () => {
  await withCore((core) => {
    const window = { top: 64, left: 64, height: 32, width: 32 };
    logitsOf(core, [hidden(0, window)]);
    const one = core.stats().tensors;
    logitsOf(core, [{ frame: 1, variation: { kind: "none" }, want: { kind: "logits" } }]);
    const two = core.stats().tensors;
    assert.ok(two > one, "the next frame's row has kept them");
    logitsOf(core, [hidden(1, window)]);
    assert.equal(core.stats().tensors, two, "its first window finds them");
    for (let batch = 0; batch < 40; batch++) {
      logitsOf(core, [{ ...hidden(0, window), variation: { kind: "none" } }]);
    }
    core.release(1);
    logitsOf(core, [{ frame: 0, variation: { kind: "none" }, want: { kind: "logits" } }]);
    core.release(0);
    assert.ok(core.stats().tensors < one);
  });
});
