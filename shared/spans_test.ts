import assert from "node:assert/strict";
import { followSpans, NO_SPANS, type SpanChange, type SpanEvent } from "./spans.ts";

const FRAME_MS = 100;

/** One letter a frame, `?` where nothing is sure, `|` for a stop; an upper-case letter is the same class by another method. */
function run(script: string): SpanChange[] {
  let state = NO_SPANS;
  const all: SpanChange[] = [];
  for (const [index, letter] of [...script].entries()) {
    const event: SpanEvent = letter === "|" ? { kind: "stop" } : letter === "?" ? { kind: "unsure" } : {
      kind: "sighting",
      sighting: {
        classIndex: letter.toLowerCase().charCodeAt(0),
        label: letter.toLowerCase(),
        probability: index % 2 === 0 ? 0.5 : 0.7,
        method: letter === letter.toLowerCase() ? "cam" : "saliency",
        modelId: "m",
        modelName: "tiny",
        modelHash: "h",
        taughtHead: null,
        timeMs: index * FRAME_MS,
      },
    };
    const next = followSpans(state, event);
    state = next.state;
    all.push(...next.changes);
  }
  return all;
}

function ends(script: string): string[] {
  return run(script).filter(({ kind }) => kind === "ended")
    .map(({ span }) => `${span.label} ${span.method} ${span.startMs}-${span.endMs} ${span.frames}`);
}

Deno.test("followSpans() opens a span when a label was held, from its first frame on", () => {
  assert.deepEqual(run("aaa"), []);
  const changes = run("aaaaa");
  assert.deepEqual(changes.map(({ kind }) => kind), ["opened", "grown"]);
  const span = changes[1]?.span;
  assert.equal(span?.startMs, 0);
  assert.equal(span?.endMs, 400);
  assert.equal(span?.peak, 0.7);
  assert.ok(Math.abs((span?.mean ?? 0) - 0.58) < 1e-12);
});

Deno.test("followSpans() forgives flicker, and does not count its frames", () => {
  assert.deepEqual(ends("aaaabbbaabca|"), ["a cam 0-1100 7"]);
});

Deno.test("followSpans() ends a span when another label was held, and when none was", () => {
  assert.deepEqual(ends("aaaabbbb|"), ["a cam 0-300 4", "b cam 400-700 4"]);
  assert.deepEqual(run("aaaabbbb").map(({ kind }) => kind), ["opened", "ended", "opened"]);
  assert.deepEqual(ends("aaaabcbcbc|"), ["a cam 0-300 4"]);
});

Deno.test("followSpans() neither opens nor continues a span while nothing is sure", () => {
  assert.deepEqual(run("????????"), []);
  assert.deepEqual(run("aaa?aaa"), [], "four in a row are needed");
  assert.deepEqual(ends("aaaa??aa|"), ["a cam 0-700 6"]);
  assert.deepEqual(ends("aaaa????aaaa|"), ["a cam 0-300 4", "a cam 800-1100 4"]);
});

Deno.test("followSpans() begins a new span with another method", () => {
  assert.deepEqual(ends("aaaaAAAA|"), ["a cam 0-300 4", "a saliency 400-700 4"]);
});

Deno.test("followSpans() ends at a stop and drops what was not held", () => {
  assert.deepEqual(ends("aaa|aaa|"), []);
  assert.deepEqual(ends("aaaa|aaaa|"), ["a cam 0-300 4", "a cam 500-800 4"]);
});
