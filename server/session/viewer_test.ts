import assert from "node:assert/strict";
import { GradcastError } from "../../shared/errors.ts";
import { NO_LOGGER } from "../logger/mod.ts";
import { FakeClock } from "../clock/testing/fake_clock.ts";
import type { Admitted, BatchResult, Probe } from "../engine/port.ts";
import { Scheduler } from "../scheduler/mod.ts";
import { frameMessage, HELLO, WORLD } from "./testing/driver.ts";
import { MemorySocket } from "./testing/memory_socket.ts";
import { Viewer } from "./viewer.ts";

Deno.test("F5: a damaged picture is called damaged, though its rows fail before the engine has said so", async () => {
  const admission = Promise.withResolvers<Admitted>();
  const socket = new MemorySocket();
  const clock = new FakeClock();
  const run = (batch: readonly Probe[]): Promise<BatchResult> => {
    const rows = batch.map(() => ({ ok: false, reason: "its frame is not here" } as const));
    return Promise.resolve({ rows, rowMs: rows.map(() => 1), computeMs: 1 });
  };
  const engine = { admit: () => admission.promise, run, release: () => {} };
  const scheduler = new Scheduler({ clock });
  scheduler.serve(WORLD.first.model.id, engine);
  const viewer = new Viewer({
    logger: NO_LOGGER,
    world: WORLD,
    socket,
    clock,
    scheduler,
    serveModel: () => Promise.resolve({ served: WORLD.first, [Symbol.dispose]() {} }),
    sent: () => {},
    present: () => assert.fail("nobody presents"),
    onEnd: () => {},
  });
  viewer.open(null);
  viewer.receive(HELLO);
  viewer.receive(frameMessage(1));
  await clock.advance(1_000);
  admission.reject(new GradcastError("frame-corrupt", "Cannot decode the picture: it is cut short"));
  await clock.advance(1_000);
  const codes = socket.texts.map((text) => JSON.parse(text)).filter(({ type }) => type === "error");
  assert.deepEqual(codes.map(({ code, frame }) => [code, frame]), [["frame-corrupt", 1]]);
});
