/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { detailsOf, NOTHING_OPENED, opening, type OpeningEvent, type OpeningState } from "./opening_state.ts";
import { OPENED_MODEL } from "./testing/opened_model.ts";

const MODEL = OPENED_MODEL;

function after(...events: readonly OpeningEvent[]): OpeningState {
  return events.reduce(opening, NOTHING_OPENED);
}

const SENT: readonly OpeningEvent[] = [
  { kind: "started", name: "net.onnx", totalBytes: 100 },
  { kind: "sent", bytes: 40 },
];

Deno.test("opening() counts what is sent, and waits for the server then", () => {
  assert.deepEqual(after(...SENT), { kind: "sending", name: "net.onnx", sentBytes: 40, totalBytes: 100 });
  assert.deepEqual(after(...SENT, { kind: "all-sent" }), { kind: "reading", name: "net.onnx" });
  assert.deepEqual(after(...SENT, { kind: "closed" }), NOTHING_OPENED);
});

Deno.test("opening() lists what a refused file lacks, one by one", () => {
  const message = "Cannot load the model: GridSample at /a; LSTM at /b";
  const items = ["GridSample at /a; with grids", "LSTM at /b"];
  const state = after(...SENT, { kind: "all-sent" }, { kind: "refused", words: "No model.", message, items });
  assert.ok(state.kind === "refused");
  assert.deepEqual(state.details, items);
});

Deno.test("detailsOf() leaves out the id that the server gave the file", () => {
  const message = "Cannot load the model 'net': Cannot load the model: net.onnx is damaged; copy it again";
  assert.deepEqual(detailsOf({ message, items: [] }), [
    "Cannot load the model: net.onnx is damaged; copy it again",
  ]);
  assert.deepEqual(detailsOf({ message: "", items: [] }), []);
});

Deno.test("opening() keeps what the photos showed when the card is changed, and says why a change was refused", () => {
  const rows = [{ normalisation: "0to1" as const, tops: [], confidence: 0.5 }];
  const opened = after(...SENT, { kind: "all-sent" }, { kind: "opened", model: MODEL }, { kind: "asking" });
  const shown = opening(opened, { kind: "presets", rows });
  const saved = opening(opening(shown, { kind: "saving", change: { name: "Mine" } }), {
    kind: "opened",
    model: { ...MODEL, name: "Mine" },
  });
  assert.ok(saved.kind === "opened");
  assert.deepEqual([saved.presets, saved.model.name, saved.saving], [rows, "Mine", false]);
  const named = opening(shown, { kind: "saving", change: { labels: ["x", "y", "z"] } });
  assert.ok(named.kind === "opened");
  assert.equal(named.presets, null);
  const refused = opening(opening(shown, { kind: "saving", change: { normalisation: "torch" } }), {
    kind: "problem",
    words: "In use.",
  });
  assert.ok(refused.kind === "opened");
  assert.deepEqual([refused.problem, refused.saving], ["In use.", false]);
});
