/** The server's side of the engine's process, with real connections; Deno's tests may open those of the loopback alone. */
import assert from "node:assert/strict";
import type { EngineWorker } from "../worker/host/link.ts";
import type { FinalReply, WorkerRequest } from "../worker/host/messages.ts";
import { Channel } from "./channel.ts";
import { type DoorOptions, EngineDoor } from "./door.ts";
import { encodePacket } from "./packets.ts";
import { type FromProcess, greeting } from "./messages.ts";

const STATS = { threads: 1, tensors: 0, tensorBytes: 0, mostBytes: 0, heapBytes: 0, frames: 0, batches: 0 };

function openDoor(options: DoorOptions = {}) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  return {
    door: new EngineDoor(listener, options),
    connect: () => Deno.connect({ hostname: "127.0.0.1", port }),
  };
}

/** A process that answers every call with its figures; `ended` settles when the server has closed the connection. */
async function answering(connection: Deno.Conn) {
  await connection.write(greeting());
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const requests: WorkerRequest[] = [];
  const channel: Channel = new Channel(connection, {
    onMessage({ message }) {
      const request = message as WorkerRequest;
      requests.push(request);
      if (request.call !== "release") {
        say({ kind: "reply", reply: { id: request.id, ok: true, returns: STATS } });
      }
    },
    onEnd: () => end(),
  });
  const say = (message: FromProcess) => channel.send(encodePacket(message));
  return { requests, ended, say, close: () => channel.close() };
}

const nextReply = (worker: EngineWorker) =>
  new Promise<FinalReply>((resolve) =>
    worker.onmessage = ({ data }) => {
      if ("ok" in data) resolve(data);
    }
  );

const nextError = (worker: EngineWorker) =>
  new Promise<string>((resolve) => worker.onerror = ({ message }) => resolve(message));

Deno.test("calls from before the process connected reach it, in their order; terminate() closes the connection", async () => {
  const { door, connect } = openDoor();
  const worker = door.createWorker();
  const reply = nextReply(worker);
  worker.postMessage({ call: "release", key: 5 }, []);
  worker.postMessage({ call: "stats", id: 1, takes: null }, []);
  const process = await answering(await connect());
  assert.deepEqual(await reply, { id: 1, ok: true, returns: STATS });
  assert.deepEqual(process.requests.map(({ call }) => call), ["release", "stats"]);
  worker.terminate();
  await process.ended;
  door[Symbol.dispose]();
});

Deno.test("a process that connected before it was wanted is taken; one that went meanwhile is not", async () => {
  const { door, connect } = openDoor();
  const gone = await answering(await connect());
  gone.close();
  const spare = await answering(await connect());
  // The door has both by the time that it has a third one, which takes the spare one's place.
  const newest = await answering(await connect());
  await spare.ended;
  const worker = door.createWorker();
  const reply = nextReply(worker);
  worker.postMessage({ call: "stats", id: 1, takes: null }, []);
  assert.equal((await reply).ok, true);
  assert.equal(newest.requests.length, 1);
  worker.terminate();
  await newest.ended;
  door[Symbol.dispose]();
});

Deno.test("a worker whose process ends, or says that its thread died, has died", async () => {
  const { door, connect } = openDoor();
  for (const [act, reason] of [["close", /connection ended/u], ["say", /out of memory/u]] as const) {
    const worker = door.createWorker();
    const error = nextError(worker);
    const process = await answering(await connect());
    if (act === "close") process.close();
    else process.say({ kind: "fault", message: "out of memory" });
    assert.match(await error, reason);
    worker.terminate();
    if (act === "say") await process.ended;
  }
  door[Symbol.dispose]();
});

Deno.test("a connection that does not greet, or greets in another form, is closed; the worker says what to do", async () => {
  const { door, connect } = openDoor({ greetingLimitMs: 50 });
  const greetings = [[new Uint8Array(12), /no engine/u], [greeting(99), /got 99.*start the server again/u], [
    new Uint8Array(3),
    /did not greet/u,
  ]] as const;
  for (const [bytes, reason] of greetings) {
    const worker = door.createWorker();
    const error = nextError(worker);
    const connection = await connect();
    await connection.write(bytes);
    assert.match(await error, reason);
    assert.equal(await connection.read(new Uint8Array(1)), null);
    connection.close();
    worker.terminate();
  }
  door[Symbol.dispose]();
});

Deno.test("connections that do not greet are bounded, and the engine gets in beside them", async () => {
  const { door, connect } = openDoor();
  const worker = door.createWorker();
  worker.onerror = ({ message }) => assert.fail(message);
  const silent: Deno.Conn[] = [];
  for (let count = 0; count < 30; count++) silent.push(await connect());
  const process = await answering(await connect());
  const reply = nextReply(worker);
  worker.postMessage({ call: "stats", id: 1, takes: null }, []);
  assert.equal((await reply).ok, true);
  // All but the newest few were closed at once.
  for (const one of silent.slice(0, 22)) assert.equal(await one.read(new Uint8Array(1)), null);
  worker.terminate();
  await process.ended;
  door[Symbol.dispose]();
  for (const one of silent) one.close();
});

Deno.test("a door whose system cannot accept a connection for a while takes the next one", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let failures = 2;
  const door = new EngineDoor({
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        if (failures-- > 0) throw new Error("Too many open files");
        return { value: await listener.accept() };
      },
    }),
    close: () => listener.close(),
  });
  const worker = door.createWorker();
  const reply = nextReply(worker);
  worker.postMessage({ call: "stats", id: 1, takes: null }, []);
  const process = await answering(await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }));
  assert.equal((await reply).ok, true);
  worker.terminate();
  await process.ended;
  door[Symbol.dispose]();
});

Deno.test("a process that greets and gives no sign of life is given up, as a spare and with a worker", async () => {
  const { door, connect } = openDoor({ silenceLimitMs: 150 });
  const mute = await connect();
  await mute.write(greeting());
  assert.equal(await mute.read(new Uint8Array(1)), null, "the spare is closed");
  mute.close();
  const worker = door.createWorker();
  const error = nextError(worker);
  const other = await connect();
  await other.write(greeting());
  assert.match(await error, /said nothing for 150 ms/u);
  assert.equal(await other.read(new Uint8Array(1)), null);
  other.close();
  worker.terminate();
  door[Symbol.dispose]();
});

Deno.test("a process that says that it lives stays, as a spare and with a worker", async () => {
  const { door, connect } = openDoor({ silenceLimitMs: 1_000 });
  const process = await answering(await connect());
  const { promise: said, resolve } = Promise.withResolvers<void>();
  let count = 0;
  const timer = setInterval(() => {
    process.say({ kind: "alive" });
    // For half as long again as silence would be borne.
    if (++count === 30) resolve();
  }, 50);
  await said;
  const worker = door.createWorker();
  const reply = nextReply(worker);
  worker.postMessage({ call: "stats", id: 1, takes: null }, []);
  assert.equal((await reply).ok, true);
  clearInterval(timer);
  worker.terminate();
  await process.ended;
  door[Symbol.dispose]();
});

Deno.test("a worker that no process comes to has died after a while", async () => {
  const { door } = openDoor({ connectLimitMs: 20 });
  const worker = door.createWorker();
  assert.match(await nextError(worker), /no engine process connected within 20 ms/u);
  worker.terminate();
  door[Symbol.dispose]();
});
