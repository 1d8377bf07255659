/** Freshness under load: 30 frames a second into an engine slowed to 5, on a fake clock from camera to answer. */
import assert from "node:assert/strict";
import { FIRST_PACE, pace, type PaceEvent } from "../../client/live/pacer.ts";
import { encodeFrame, PROTOCOL_VERSION, ServerMessageSchema } from "../../shared/mod.ts";
import { Hub } from "../../server/app/mod.ts";
import { FakeClock } from "../../server/clock/testing/fake_clock.ts";
import { MemorySocket } from "../../server/session/testing/memory_socket.ts";
import * as v from "valibot";
import { GRAD_CAM_VIEW } from "../support/live_client.ts";
import { slowEngine } from "../support/slow_engine.ts";
import { soleModel } from "../../server/pool/testing/memory_models.ts";

const FRAME_MS = 1000 / 30;
const ENGINE_MS = 200;
const NETWORK_MS = 3;
const SECONDS = 60;

/** What the viewer saw. */
interface Watched {
  /** Capture to answer of every result, in ms. */
  readonly agesMs: number[];
  /** Frames dropped at the server, as the last result says. */
  superseded: number;
  /** Frames that were answered with a drop. */
  dropped: number;
  sent: number;
}

/** A server with a slow engine, and a socket whose two ends are `NETWORK_MS` apart. */
function connect(clock: FakeClock, onMessage: (message: unknown) => void) {
  const hub = new Hub({ models: soleModel(slowEngine(clock, ENGINE_MS)), clock });
  const socket = new class extends MemorySocket {
    override send(data: string | Uint8Array<ArrayBuffer>): void {
      super.send(data);
      if (typeof data === "string") clock.after(NETWORK_MS, () => onMessage(JSON.parse(data)));
    }
  }();
  const viewer = hub.connect(socket);
  viewer.receive(JSON.stringify({ type: "hello", version: PROTOCOL_VERSION, view: GRAD_CAM_VIEW }));
  const send = (id: number, capturedMs: number): void => {
    const bytes = encodeFrame({ id, format: "jpeg", still: false, capturedMs, picture: new Uint8Array(10) });
    clock.after(NETWORK_MS, () => viewer.receive(bytes));
  };
  return { send, viewer };
}

function watch(clock: FakeClock, watched: Watched, message: unknown): number | null {
  const parsed = v.parse(ServerMessageSchema, message);
  if (parsed.type === "dropped") {
    watched.dropped++;
    return parsed.frame;
  }
  if (parsed.type !== "result") return null;
  watched.agesMs.push(clock.now() - parsed.times.captured);
  watched.superseded = parsed.dropped.superseded;
  return parsed.frame;
}

Deno.test("a camera six times too fast: the paced client's age stays bounded and every drop is counted", async () => {
  const clock = new FakeClock();
  const watched: Watched = { agesMs: [], superseded: 0, dropped: 0, sent: 0 };
  let state = FIRST_PACE;
  const step = (event: PaceEvent): void => {
    const next = pace(state, event);
    state = next.state;
    for (const { id, capturedMs } of next.effects) {
      watched.sent++;
      link.send(id, capturedMs);
    }
  };
  const link = connect(clock, (message) => {
    const id = watch(clock, watched, message);
    if (id !== null) {
      step({ kind: "answered", nowMs: clock.now(), id, outcome: "result", serverMs: ENGINE_MS });
    }
  });
  step({ kind: "connected", nowMs: 0 });
  for (let frame = 0; frame < 30 * SECONDS; frame++) {
    step({ kind: "frame-ready", nowMs: clock.now(), capturedMs: clock.now(), still: false });
    await clock.advance(FRAME_MS);
  }
  const worst = Math.max(...watched.agesMs);
  assert.ok(worst <= ENGINE_MS + 2 * NETWORK_MS + FRAME_MS, `worst age ${worst} ms`);
  assert.ok(watched.agesMs.length >= 4 * SECONDS, `${watched.agesMs.length} results`);
  const { drops } = state;
  const dropped = Object.values(drops).reduce((sum, count) => sum + count, 0);
  const underWay = state.inFlight.length + (state.waiting === null ? 0 : 1);
  assert.equal(watched.agesMs.length + dropped + underWay, 30 * SECONDS);
  assert.equal(watched.superseded, 0, "the client keeps to the pace, so the server has nothing to drop");
  link.viewer.closed();
});

Deno.test("a client that sends every frame: the server's slot keeps the age bounded and counts the drops", async () => {
  const clock = new FakeClock();
  const watched: Watched = { agesMs: [], superseded: 0, dropped: 0, sent: 0 };
  const link = connect(clock, (message) => watch(clock, watched, message));
  for (let frame = 1; frame <= 30 * SECONDS; frame++) {
    link.send(frame, clock.now());
    watched.sent++;
    await clock.advance(FRAME_MS);
  }
  const worst = Math.max(...watched.agesMs);
  assert.ok(worst <= 2 * ENGINE_MS + 2 * NETWORK_MS + FRAME_MS, `worst age ${worst} ms`);
  assert.ok(watched.agesMs.length >= 4 * SECONDS);
  const underWay = watched.sent - watched.dropped - watched.agesMs.length;
  assert.ok(
    underWay <= 3,
    `${watched.dropped} dropped and ${watched.agesMs.length} explained of ${watched.sent}`,
  );
  assert.ok(watched.superseded > 0 && watched.superseded <= watched.dropped);
  link.viewer.closed();
});
