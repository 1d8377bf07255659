/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { encodeBundle } from "../../shared/bundle.ts";
import type { ModelInfo, ServerMessage } from "../../shared/protocol.ts";
import { WatchModel } from "./watch_model.ts";

/** How a show ends (W), so that the page stops its heartbeat. */
const SHOW_ENDED = 4020;

/** A socket in memory: what a server would send is handed in. */
class MemorySocket extends EventTarget {
  static readonly OPEN = 1;
  static newest: MemorySocket | null = null;
  readonly readyState = MemorySocket.OPEN;
  binaryType = "blob";

  constructor() {
    super();
    MemorySocket.newest = this;
  }

  send(): void {}

  close(): void {}

  /** Hands in a bundle, and lets the page act on it. */
  async bundle(...messages: readonly ServerMessage[]): Promise<void> {
    const { buffer } = encodeBundle(messages.map((message) => JSON.stringify(message)));
    this.dispatchEvent(new MessageEvent("message", { data: buffer }));
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  }

  end(): void {
    this.dispatchEvent(Object.assign(new Event("close"), { code: SHOW_ENDED }));
  }
}

/** What the model needs of a browser before anything is drawn. */
const BROWSER = {
  WebSocket: MemorySocket,
  document: {
    visibilityState: "visible",
    addEventListener() {},
    createElement: () => ({ dataset: {}, setAttribute() {}, getContext: () => null }),
  },
  matchMedia: () => ({ matches: false }),
};

/** A started page, and the socket that it opened. */
function setUp() {
  const before = Object.keys(BROWSER).map((name) =>
    [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const
  );
  for (const [name, value] of Object.entries(BROWSER)) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }
  const page = new WatchModel("ws://localhost/ws/watch/abc");
  page.start();
  const socket = MemorySocket.newest ?? assert.fail("no socket was opened");
  return {
    page,
    socket,
    [Symbol.dispose]() {
      socket.end();
      for (const [name, descriptor] of before) {
        if (descriptor === undefined) Reflect.deleteProperty(globalThis, name);
        else Object.defineProperty(globalThis, name, descriptor);
      }
    },
  };
}

const infoOf = (id: string, changes: Partial<ModelInfo> = {}): ModelInfo => ({
  ...{
    id,
    name: id,
    width: 224,
    height: 224,
    defaultLayer: "top",
    classes: 2,
    knows: "two things",
    tries: [],
  },
  ...changes,
});

const facts = (model: ModelInfo) => ({ model, methods: [], layers: [], sharedNames: [] });

const WELCOME: ServerMessage = {
  ...{ type: "welcome", version: 5, models: [], threads: 1, log: "none", reachable: false },
  ...facts(infoOf("first")),
  limits: { frameBytes: 1, frameSidePx: 1, framesInFlight: 2 },
};

const viewOf = (model: string, revision: number): ServerMessage => ({
  ...{ type: "view", revision, model, method: "grad-cam", layer: "top", notes: [], options: {} },
  target: { kind: "rank", rank: 1 },
});

Deno.test("X3: those who watch follow to another model once a view names it, in its shape", async () => {
  using scene = setUp();
  const { page, socket } = scene;
  await socket.bundle(WELCOME, viewOf("first", 1));
  assert.deepEqual([page.welcome.value?.model.name, page.aspect.value], ["first", 1]);
  await socket.bundle({ type: "model", ...facts(infoOf("wide", { width: 64, height: 32 })) });
  assert.equal(page.welcome.value?.model.id, "first", "nobody has been shown it yet");
  await socket.bundle(viewOf("wide", 2));
  assert.deepEqual([page.welcome.value?.model.id, page.aspect.value], ["wide", 2]);
  await socket.bundle(viewOf("first", 3));
  assert.deepEqual(
    [page.welcome.value?.model.id, page.aspect.value],
    ["first", 1],
    "its facts are still known",
  );
});

Deno.test("X8: those who watch see a model that was changed, by the same id, as it is now", async () => {
  using scene = setUp();
  const { page, socket } = scene;
  await socket.bundle(WELCOME, viewOf("first", 1));
  const changed = infoOf("first", { name: "Renamed", head: "sigmoid", width: 24, height: 48 });
  await socket.bundle({ type: "model", ...facts(changed) }, viewOf("first", 1));
  assert.deepEqual(page.welcome.value?.model, changed);
  assert.equal(page.aspect.value, 0.5);
});
