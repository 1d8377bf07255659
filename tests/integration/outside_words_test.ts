/** Words that every object has by itself, wherever a stranger may put one: each is refused by its rule, none misleads. */
import assert from "node:assert/strict";
import { createApp, Hub } from "../../server/app/mod.ts";
import { systemClock } from "../../server/clock/mod.ts";
import { createMemoryEngine } from "../../server/engine/testing/memory_engine.ts";
import { METHODS } from "../../server/methods/mod.ts";
import { openLogStore } from "../../server/store/mod.ts";
import { openMemoryClips } from "../../server/store/testing/memory_clips.ts";
import { type ErrorCode, ERRORS } from "../../shared/errors.ts";
import { PROTOCOL_VERSION } from "../../shared/limits.ts";
import { type Ask, asker } from "../support/from_here.ts";
import { GRAD_CAM_VIEW, LiveClient, serve } from "../support/live_client.ts";
import { soleModel } from "../../server/pool/testing/memory_models.ts";

const WORDS = ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf", "prototype"];
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
const SHOW_KEY = "0123456789abcdef".repeat(2);

async function withApp(act: (ask: Ask) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const store = await openLogStore(`${folder}/log.sqlite`, { maxAgeMs: 1e12, maxBytes: 1e6 });
  const engine = createMemoryEngine();
  const hub = new Hub({ models: soleModel(engine), clock: systemClock, log: { store } });
  const clips = await openMemoryClips({ maxBytes: 10_000, maxAgeMs: 1e9 });
  const loopDelay = { read: () => ({ p50: 0, p99: 0, max: 0 }), stop: () => {} };
  try {
    await act(asker(createApp({ hub, origins: { host: "localhost", origins: [] }, loopDelay, clips })));
  } finally {
    hub.shutdown();
    await clips.close();
    await store.close();
    await engine.close();
    await Deno.remove(folder, { recursive: true });
  }
}

async function refused(answer: Response, what: string): Promise<void> {
  const text = await answer.text();
  assert.ok(answer.status >= 400 && answer.status < 500, `${what}: ${answer.status} ${text}`);
  const { code } = JSON.parse(text);
  assert.equal(ERRORS[code as ErrorCode].status, answer.status, what);
}

function picture(more: RequestInit = {}): RequestInit {
  return { method: "POST", body: PNG, ...more };
}

Deno.test("A2, I4, L5: no name or value of an address is looked up where every object has it", () =>
  withApp(async (ask) => {
    const options = new Set(METHODS.flatMap(({ options }) => options.map(({ name }) => name)));
    const explain = ["method", "class", "layer", "score", "trust", "format", ...options];
    const feature = METHODS.find(({ id }) =>
      id === "feature-visualization"
    )?.options.map(({ name }) => name) ?? [];
    const asked: readonly (readonly [string, readonly string[], RequestInit])[] = [
      ["/api/explain", explain, picture()],
      ["/api/inside", ["layer", "page", "channel", "class"], picture()],
      ["/api/network", ["layer", "channel", "class", "lines", "drawn", "channels"], picture()],
      ["/api/feature", ["layer", "class", ...feature], {}],
      ["/api/log", ["from", "to", "limit", "before"], {}],
      ["/api/log/export.csv", ["from", "to"], {}],
    ];
    for (const word of WORDS) {
      for (const [path, names, init] of asked) {
        for (const name of names) {
          const query = new URLSearchParams({ [name]: word });
          // An option is refused for its value where the method has it.
          if (path === "/api/explain" && options.has(name)) {
            query.set(
              "method",
              METHODS.find((method) => method.options.some((one) => one.name === name))?.id ?? "",
            );
          }
          await refused(await ask(`${path}?${query}`, init), `${path}?${query}`);
        }
        await refused(await ask(`${path}?${word}=1`, init), `${path}?${word}=1`);
      }
      assert.equal((await (await ask(`/api/log?label=${word}&method=${word}`)).json()).total, 0);
      assert.deepEqual(await (await ask(`/api/clips?q=${word}`)).json(), { clips: [] });
    }
  }));

Deno.test("A4, A7: no path, header, method or body is looked up where every object has it", () =>
  withApp(async (ask) => {
    const thumbnail = new Uint8Array([0xff, 0xd8, 0xff, 0xe0]).toBase64();
    const clip = {
      name: "x",
      type: "video/webm",
      bytes: 4,
      sidecarBytes: 0,
      durationMs: 1,
      width: 1,
      height: 1,
    };
    const whole = { ...clip, createdMs: 1, thumbnail };
    for (const word of WORDS) {
      const paths = [
        `/${word}`,
        `/samples/${word}`,
        `/samples/a.${word}`,
        `/styles/${word}`,
        `/api/${word}`,
        `/api/log/${word}`,
        `/api/log/${word}/picture`,
        `/api/log/export.${word}`,
        `/api/clips/${word}`,
        `/api/clips/${word}/media`,
        `/api/clips/${word}/${word}`,
      ];
      for (const path of paths) await refused(await ask(path), path);
      await refused(await ask("/healthz", { method: word }), `method ${word}`);
      await refused(await ask("/healthz", { headers: { host: word } }), `host ${word}`);
      await refused(await ask("/healthz", { headers: { origin: word } }), `origin ${word}`);
      const x = { method: "POST", body: "x", headers: { "content-type": word } };
      for (const path of ["/api/explain", "/api/inside", "/api/picture"]) {
        await refused(await ask(path, x), path);
      }
      const form = new FormData();
      form.set(word, new File([PNG], word, { type: word }));
      await refused(await ask("/api/explain", { method: "POST", body: form }), `form ${word}`);
      const upload = { method: "PATCH", headers: { "upload-token": word, "upload-offset": word }, body: "x" };
      await refused(await ask(`/api/clips/${"0".repeat(32)}/upload`, upload), `upload ${word}`);
      const bodies = [
        ...Object.keys(whole).filter((name) => name !== "name").map((name) => ({ ...whole, [name]: word })),
        { ...whole, [word]: 1 },
      ];
      for (const body of bodies) {
        const text = JSON.stringify(body);
        await refused(await ask("/api/clips", { method: "POST", body: text }), text);
        await refused(
          await ask(`/api/clips/${"0".repeat(32)}`, { method: "PATCH", body: `{"${word}":1}` }),
          word,
        );
      }
      // The type that a client gives is not looked at, and its file may have any name.
      const good = { headers: { "content-type": word } };
      assert.equal((await ask("/api/explain", picture(good))).status, 200, word);
    }
  }));

Deno.test("C10: JSON that is nested without end is refused", () =>
  withApp(async (ask) => {
    const body = `{"name":${"[".repeat(100_000)}`;
    await refused(await ask("/api/clips", { method: "POST", body }), "nested");
  }));

Deno.test("M2, V3: no word of a message is looked up where every object has it, and the viewer stays", async () => {
  const engine = createMemoryEngine();
  await using server = serve(engine);
  const view = { ...GRAD_CAM_VIEW, revision: 2 };
  const pane = { ...view, id: 1 };
  for (const word of WORDS) {
    await using client = await LiveClient.greet(server.port);
    const views: readonly object[] = [
      { ...view, method: word },
      { ...view, layer: word },
      { ...view, target: { kind: word } },
      { ...view, target: { kind: "label", label: word } },
      { ...view, options: own(word, 1) },
      { ...view, method: "occlusion", options: { window: word } },
      { ...own(word, 1), ...view },
    ];
    const messages: readonly object[] = [
      { type: word },
      ...views.map((view, index) => ({ type: "view", view: { ...view, revision: 10 + index } })),
      { type: "panes", panes: [{ ...pane, method: word }] },
      { type: "panes", panes: [{ ...pane, options: own(word, 1) }] },
      { type: "panes", panes: [{ ...pane, target: { kind: "label", label: word } }] },
      { type: "share", on: true, key: word },
      { type: "stage", stage: own(word, 1) },
      { type: "log", on: word },
    ];
    for (const message of messages) {
      client.say(message);
      const { code } = await client.message("error");
      assert.ok(code !== "server-fault" && code !== "engine-failed", `${JSON.stringify(message)}: ${code}`);
    }
    client.frame(1, PNG);
    await client.message("result");
    const hello = await LiveClient.connect(server.port);
    hello.say({ type: "hello", version: PROTOCOL_VERSION, view: { ...view, method: word } });
    assert.equal((await hello.message("error")).code, "unknown-method");
    await hello[Symbol.asyncDispose]();
  }
  await engine.close();
});

Deno.test("W2, W7: a show is not steered by such a word, and none is its code", async () => {
  const engine = createMemoryEngine();
  await using server = serve(engine);
  await using presenter = await LiveClient.greet(server.port);
  presenter.say({ type: "share", on: true, key: SHOW_KEY });
  const { remote } = await presenter.message("shared");
  const steering = new WebSocket(`ws://localhost:${server.port}/ws/remote/${remote}`);
  await new Promise((resolve) => steering.onopen = resolve);
  for (const word of WORDS) {
    const watching = new WebSocket(`ws://localhost:${server.port}/ws/watch/${word}`);
    const { code } = await new Promise<CloseEvent>((resolve) => watching.onclose = resolve);
    assert.equal(code, ERRORS["unknown-show"].close);
    for (
      const command of [{ kind: word }, { kind: "action", action: word }, {
        kind: "method",
        method: "cam",
        ...own(word, 1),
      }]
    ) {
      steering.send(JSON.stringify(command));
    }
  }
  steering.send(JSON.stringify({ kind: "action", action: "freeze" }));
  assert.deepEqual((await presenter.message("remote")).command, { kind: "action", action: "freeze" });
  const closed = new Promise((resolve) => steering.onclose = resolve);
  steering.close();
  await closed;
  await engine.close();
});

/** An object with this name of its own, `__proto__` too. */
function own(name: string, value: unknown): object {
  return JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`);
}
