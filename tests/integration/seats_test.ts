/** Seats over real sockets, and with a clock of the test's own (PROTOCOL.md, H5, H11, W3). */
import assert from "node:assert/strict";
import { Hub } from "../../server/app/mod.ts";
import { FakeClock } from "../../server/clock/testing/fake_clock.ts";
import { MemorySocket } from "../../server/session/testing/memory_socket.ts";
import {
  encodeFrame,
  IDLE_SEAT_MS,
  MAX_VIEWERS,
  MAX_VIEWERS_PER_ADDRESS,
  PROTOCOL_VERSION,
} from "../../shared/mod.ts";
import { GRAD_CAM_VIEW, LiveClient, serve } from "../support/live_client.ts";
import { connectRaw, type RawClient } from "../support/raw_client.ts";
import { openShipped } from "../support/shipped_engine.ts";
import { slowEngine } from "../support/slow_engine.ts";
import { soleModel } from "../../server/pool/testing/memory_models.ts";

const COFFEE = await Deno.readFile("tests/fixtures/photos/coffee.png");
const HELLO = JSON.stringify({ type: "hello", version: PROTOCOL_VERSION, view: GRAD_CAM_VIEW });

/** As a proxy on the own machine passes a stranger's request on. */
const PROXIED = { "X-Forwarded-For": "192.0.2.7" };

Deno.test("H5: 32 sockets of a stranger that say hello and nothing more do not shut the operator out", async () => {
  const engine = await openShipped();
  {
    await using server = serve(engine);
    using idle = new DisposableStack();
    for (let count = 0; count < MAX_VIEWERS; count++) {
      const client: RawClient = idle.use(await connectRaw(server.port, PROXIED));
      await client.send(HELLO);
    }
    while ((await server.hub.stats()).viewers < MAX_VIEWERS);
    await using operator = await LiveClient.greet(server.port);
    operator.frame(1, COFFEE);
    assert.equal((await operator.message("result")).predictions[0]?.label, "espresso");
    assert.equal((await server.hub.stats()).viewers, MAX_VIEWERS + 1);
  }
  await engine.close();
});

/** A hub whose viewers are sockets in memory. */
class House {
  readonly clock = new FakeClock();
  readonly hub = new Hub({ models: soleModel(slowEngine(this.clock, 10)), clock: this.clock });
  #frames = 0;

  enter(address: string, own = false) {
    const socket = new MemorySocket(address, own);
    const viewer = this.hub.connect(socket);
    viewer.receive(HELLO);
    const show = () => {
      const picture = new Uint8Array(3 * 64);
      viewer.receive(encodeFrame({ id: ++this.#frames, format: "rgb", still: true, capturedMs: 1, picture }));
    };
    return { socket, viewer, show };
  }

  /** As many viewers from as many addresses as there are seats, each of which has shown something. */
  fill(): ReturnType<House["enter"]>[] {
    return Array.from({ length: MAX_VIEWERS }, (_, at) => {
      const one = this.enter(`198.51.100.${at}`);
      one.show();
      return one;
    });
  }
}

const codes = (socket: MemorySocket) =>
  socket.texts.map((text) => JSON.parse(text)).filter(({ type }) => type === "error").map(({ code }) => code);

Deno.test("H11: a viewer that shows nothing for a minute gives its seat to the next, and receives that", async () => {
  const house = new House();
  const [first, ...others] = house.fill();
  assert.ok(first !== undefined);
  assert.deepEqual(house.enter("192.0.2.1").socket.closed, { code: 1013, reason: "busy" });
  // Everybody answers the heartbeat; all but the first one ask for something now and then.
  for (let ms = 0; ms < IDLE_SEAT_MS; ms += 1_000) {
    await house.clock.advance(1_000);
    for (const { viewer } of [first, ...others]) viewer.receive('{"type":"pong"}');
    if (ms % 30_000 === 0) others.forEach(({ show }) => show());
  }
  const next = house.enter("192.0.2.1");
  assert.equal(next.socket.closed, null);
  assert.deepEqual(first.socket.closed, { code: 4030, reason: "seat-given" });
  assert.deepEqual(codes(first.socket), ["seat-given"]);
  assert.ok(others.every(({ socket }) => socket.closed === null));
  assert.equal((await house.hub.stats()).viewers, MAX_VIEWERS);
  house.hub.shutdown();
});

Deno.test("H5: one address has eight seats; one network of IPv6 counts as one address", async () => {
  const house = new House();
  for (let count = 0; count < MAX_VIEWERS_PER_ADDRESS; count++) {
    house.enter(`2001:db8:1:2::${count + 1}`).show();
  }
  const { socket } = house.enter("2001:db8:1:2:ffff::1");
  assert.deepEqual(socket.closed, { code: 1013, reason: "busy" });
  assert.match(socket.texts.join(), /8 from one network address/);
  assert.equal(house.enter("2001:db8:1:3::1").socket.closed, null);
  assert.equal((await house.hub.stats()).viewers, MAX_VIEWERS_PER_ADDRESS + 1);
  house.hub.shutdown();
});

Deno.test("H5: where every seat is in use the own machine's page still gets in, and no stranger after it", async () => {
  const house = new House();
  house.fill();
  const operator = house.enter("127.0.0.1", true);
  operator.show();
  await house.clock.advance(100);
  assert.equal(operator.socket.closed, null);
  assert.ok(operator.socket.texts.some((text) => text.includes('"type":"result"')));
  assert.deepEqual(house.enter("192.0.2.1").socket.closed, { code: 1013, reason: "busy" });
  house.hub.shutdown();
});
