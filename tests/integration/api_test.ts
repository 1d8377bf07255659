/** One picture over HTTP (PROTOCOL.md, A), on a real port. */
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import type { HubStats } from "../../server/app/mod.ts";
import {
  type AttributionDocument,
  type ExplanationDocument,
  methodsDocument,
} from "../../server/explain/mod.ts";
import { decodePicture, type Engine, type Probe } from "../../server/engine/mod.ts";
import { createMemoryEngine } from "../../server/engine/testing/memory_engine.ts";
import { METHODS } from "../../server/methods/mod.ts";
import { encodePng, readNpy } from "../../server/report/mod.ts";
import { type ErrorCode, ERRORS } from "../../shared/errors.ts";
import { MAX_API_MAPS, MAX_API_REQUESTS, MAX_PICTURE_BYTES, RETRY_AFTER_S } from "../../shared/limits.ts";
import { LiveClient, serve, type TestServer } from "../support/live_client.ts";
import { openShipped } from "../support/shipped_engine.ts";

const COFFEE = "tests/fixtures/photos/coffee.png";

/** Begins like a PNG, which is all that the in-memory engine asks. */
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

function urlOf({ port }: TestServer, query = ""): string {
  return `http://127.0.0.1:${port}/api/explain${query}`;
}

function post(
  server: TestServer,
  query: string,
  body: BodyInit = PNG,
  init: { type?: string; signal?: AbortSignal; headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(urlOf(server, query), {
    method: "POST",
    body,
    headers: {
      ...(body instanceof FormData ? {} : { "content-type": init.type ?? "image/png" }),
      ...init.headers,
    },
    ...(init.signal === undefined ? {} : { signal: init.signal }),
  });
}

function formOf(
  picture: Uint8Array<ArrayBuffer>,
  { part = "image", name = "cat.png", type = "image/png" } = {},
) {
  const form = new FormData();
  form.set(part, new File([picture], name, { type }));
  return form;
}

async function documentOf(answer: Response): Promise<ExplanationDocument> {
  assert.equal(answer.status, 200, await answer.clone().text());
  return await answer.json();
}

/** Checks that an answer is the refusal with this code, in the form of A7. */
async function assertRefused(answer: Response, code: ErrorCode, message: RegExp): Promise<void> {
  const body = await answer.json();
  assert.deepEqual([body.code, answer.status], [code, ERRORS[code].status], body.message);
  assert.deepEqual(Object.keys(body), ["code", "message", "words"]);
  assert.match(body.message, message);
  assert.equal(body.words, ERRORS[code].words);
}

/** An engine whose batches wait until they are let through; everything else is answered at once. */
function gatedEngine() {
  const memory = createMemoryEngine();
  const batches: (readonly Probe[])[] = [];
  const waiting: (() => void)[] = [];
  let wake = () => {};
  const engine: Engine = {
    model: memory.model,
    threads: memory.threads,
    threadsNote: memory.threadsNote,
    admit: memory.admit,
    release: memory.release,
    setHead: memory.setHead,
    stats: memory.stats,
    vitals: memory.vitals,
    close: memory.close,
    async run(batch) {
      batches.push(batch);
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        wake();
      });
      return await memory.run(batch);
    },
  };
  return {
    engine,
    /** Every batch so far, those that wait included. */
    batches,
    /** Waits for the next batch and returns what lets it through. */
    async batch(): Promise<() => void> {
      for (;;) {
        const open = waiting.shift();
        if (open !== undefined) return open;
        await new Promise<void>((resolve) => wake = resolve);
      }
    },
  };
}

/** Asks the server until this holds; whatever makes it so passes through the event loop meanwhile. */
async function until(server: TestServer, holds: (stats: HubStats) => boolean): Promise<void> {
  while (!holds(await server.hub.stats())) await setImmediate();
}

Deno.test("A1: the body is the picture itself or a form, and the answer is the document of `explain --json`", async () => {
  await using server = serve(createMemoryEngine());
  const plain = await documentOf(await post(server, ""));
  assert.deepEqual(Object.keys(plain), ["model", "image", "input", "predictions", "unsure", "attribution"]);
  assert.deepEqual([plain.model, plain.image, plain.predictions.length], ["memory", "picture.png", 5]);
  const form = await documentOf(await post(server, "", formOf(PNG)));
  assert.equal(form.image, "cat.png");
  assert.deepEqual(form.predictions, plain.predictions);
  const untyped = await documentOf(await post(server, "", formOf(PNG, { type: "application/octet-stream" })));
  assert.deepEqual(untyped.predictions, plain.predictions);
});

Deno.test("A2: methods, classes and options stand in the address as on the command line", async () => {
  await using server = serve(createMemoryEngine());
  const { attributions = [] } = await documentOf(
    await post(server, "?method=cam,occlusion&class=top2,3:three&window=64&stride=32&score=logit"),
  );
  assert.deepEqual(attributions.map(({ method }) => method), ["cam", "cam", "occlusion", "occlusion"]);
  assert.deepEqual(attributions.map(({ class: { label } }) => label === "three").slice(0, 2), [false, true]);
  assert.deepEqual(attributions.map(({ options }) => options["window"]), [undefined, undefined, 64, 64]);
});

Deno.test("A2: unknown names and bad values are refused by name", async () => {
  await using server = serve(createMemoryEngine());
  const cases: [string, ErrorCode, RegExp][] = [
    ["?clas=top1", "bad-option", /'clas': there is no such name, did you mean class/],
    ["?trust=maybe", "bad-option", /'trust': expected .*true.*, got 'maybe'/],
    ["?method=lime", "unknown-method", /got 'lime'/],
    ["?class=unicorn", "unknown-class", /'unicorn'/],
    ["?class=3:two", "unknown-class", /a name of class 3:three, got '3:two'/],
    ["?class=top6", "unknown-class", /top1 to top5, got 'top6'/],
    ["?layer=nowhere", "unknown-layer", /got 'nowhere'/],
    ["?window=32", "bad-option", /'window': grad-cam takes/],
    ["?method=occlusion&window=3", "bad-option", /from 4 to 224 px, got 3/],
    ["?method=occlusion&window=x", "bad-option", /whole number.*'x'/],
    ["?format=gif", "bad-option", /json, png, npy, html, lines, got 'gif'/],
  ];
  for (const [query, code, message] of cases) await assertRefused(await post(server, query), code, message);
});

Deno.test("A3: a format that holds one map is refused for several", async () => {
  await using server = serve(createMemoryEngine());
  for (const format of ["png", "npy"]) {
    await assertRefused(
      await post(server, `?method=cam&class=top1,top2&format=${format}`),
      "bad-option",
      /holds one map.*, got 2 maps/,
    );
  }
});

Deno.test("A4: a picture of too many bytes is refused, whatever its length says", async () => {
  await using server = serve(createMemoryEngine());
  const large = new Uint8Array(MAX_PICTURE_BYTES + 1);
  large.set(PNG);
  const refusal = [`frame-bytes`, /expected at most 33554432 bytes, got 33554433 or more/] as const;
  await assertRefused(await post(server, "", large), ...refusal);
  await assertRefused(await post(server, "", formOf(large)), ...refusal);
  const untold = ReadableStream.from([large.subarray(0, 1000), large.subarray(1000)]);
  await assertRefused(await post(server, "", untold), ...refusal);
  await assertRefused(await post(server, "", large.subarray(1)), "frame-format", /first bytes are/);
});

Deno.test("A4: the first bytes say what a picture is, whatever its type says", async () => {
  await using server = serve(createMemoryEngine());
  const { predictions } = await documentOf(await post(server, ""));
  for (const type of ["image/jpeg", "text/plain", "video/mp4", ""]) {
    assert.deepEqual((await documentOf(await post(server, "", PNG, { type }))).predictions, predictions);
    assert.deepEqual(
      (await documentOf(await post(server, "", formOf(PNG, { type })))).predictions,
      predictions,
    );
  }
});

Deno.test("A4: of a picture that moves the first is taken, and the document says so", async () => {
  await using server = serve(createMemoryEngine());
  for (const name of ["moving.gif", "moving.webp"]) {
    const bytes = await Deno.readFile(`server/engine/image/_fixtures/${name}`);
    const { notes = [] } = await documentOf(await post(server, "", bytes));
    assert.match(notes.join(), /^The (GIF|WebP) moves: its first picture is taken$/);
  }
});

Deno.test("A4: what is no picture is refused by its form or its first bytes", async () => {
  await using server = serve(createMemoryEngine());
  const text = new TextEncoder().encode("hello");
  const heic = new TextEncoder().encode("\0\0\0\x18ftypheic\0\0\0\0mif1heic");
  const cases: [BodyInit, string, ErrorCode, RegExp][] = [
    [
      text,
      "image/png",
      "frame-format",
      /its first bytes are \[104,101,108,108,111\], expected JPEG, PNG, WebP/,
    ],
    [new Uint8Array(), "image/png", "frame-format", /it is empty, expected/],
    [formOf(text, { type: "" }), "", "frame-format", /its first bytes are \[104/],
    [heic, "image/jpeg", "frame-format", /it is HEIC, expected .*\. Convert it to JPEG/],
    [formOf(heic, { type: "video/quicktime" }), "", "frame-format", /it is HEIC/],
    [
      formOf(PNG, { part: "picture" }),
      "",
      "message-shape",
      /'image' must be a file, got none/,
    ],
    [PNG, "multipart/form-data; boundary=x", "message-shape", /cannot be read/],
  ];
  for (const [body, type, code, message] of cases) {
    await assertRefused(await post(server, "", body, { type }), code, message);
  }
  const words = new FormData();
  words.set("image", "cat.png");
  await assertRefused(await post(server, "", words), "message-shape", /got a text/);
});

Deno.test("A5: a picture too many receives busy and when to come again; the others continue", async () => {
  const gated = gatedEngine();
  await using server = serve(gated.engine);
  const under = Array.from(
    { length: MAX_API_REQUESTS },
    (_, index) => post(server, "", PNG.slice(0, 9 + index % 3)),
  );
  await until(server, ({ guests }) => guests === MAX_API_REQUESTS);
  const answer = await post(server, "");
  assert.equal(answer.headers.get("retry-after"), String(RETRY_AFTER_S));
  await assertRefused(answer, "busy", /4 are explained at a time, and that many are under way/);
  let done = false;
  const answers = Promise.all(under.map(async (one) => await documentOf(await one))).then(() => done = true);
  while (!done) {
    const open = await Promise.race([gated.batch(), answers]);
    if (typeof open === "function") open();
  }
  await until(server, ({ guests, engine }) => guests === 0 && engine.frames === 0);
});

Deno.test("A5: whoever else asks, the own machine finds a place", async () => {
  const gated = gatedEngine();
  await using server = serve(gated.engine);
  const ask = (headers: HeadersInit) =>
    fetch(`http://localhost:${server.port}/api/explain`, { method: "POST", body: PNG, headers });
  const proxied = { "x-forwarded-for": "192.0.2.1" };
  const under = Array.from({ length: MAX_API_REQUESTS - 1 }, () => ask(proxied));
  await until(server, ({ guests }) => guests === MAX_API_REQUESTS - 1);
  await assertRefused(await ask(proxied), "busy", /3 are explained at a time/);
  under.push(ask({}));
  await until(server, ({ guests }) => guests === MAX_API_REQUESTS);
  let done = false;
  const answers = Promise.all(under.map(async (one) => await documentOf(await one))).then(() => done = true);
  while (!done) {
    const open = await Promise.race([gated.batch(), answers]);
    if (typeof open === "function") open();
  }
});

Deno.test("A5: more maps than the limit are refused", async () => {
  await using server = serve(createMemoryEngine());
  const classes = Array.from({ length: 10 }, (_, index) => index).join();
  const methods = METHODS.map(({ id }) => id).slice(0, 7).join();
  await assertRefused(
    await post(server, `?${new URLSearchParams({ method: methods, class: classes })}`),
    "bad-option",
    new RegExp(`at most ${MAX_API_MAPS} maps.*, got 7 methods × 10 classes`),
  );
});

Deno.test("A6: a viewer's frame goes before the rows of a picture over HTTP", async () => {
  const gated = gatedEngine();
  await using server = serve(gated.engine);
  const controller = new AbortController();
  const answer = post(server, "?method=occlusion", PNG, { signal: controller.signal });
  (await gated.batch())();
  const first = await gated.batch();
  await using viewer = await LiveClient.greet(server.port);
  viewer.frame(1, PNG);
  await until(server, ({ scheduler }) => scheduler.waiting > 0);
  first();
  const second = await gated.batch();
  const batch = gated.batches.at(-1) ?? [];
  assert.equal(batch[0]?.variation.kind, "none", "the frame's own row");
  assert.ok((batch[0]?.frame ?? 0) > 0 && batch.slice(1).every(({ frame }) => frame < 0));
  controller.abort();
  await assert.rejects(answer, { name: "AbortError" });
  second();
});

Deno.test("A6: when the client gives up, no further row is computed and its picture is forgotten", async () => {
  const gated = gatedEngine();
  await using server = serve(gated.engine);
  const controller = new AbortController();
  const answer = post(server, "?method=occlusion", PNG, { signal: controller.signal });
  (await gated.batch())();
  const second = await gated.batch();
  controller.abort();
  await assert.rejects(answer, { name: "AbortError" });
  await until(server, ({ guests, scheduler }) => guests === 0 && scheduler.waiting === 0);
  second();
  await until(server, ({ engine }) => engine.frames === 0);
  assert.equal(gated.batches.length, 2);
});

Deno.test("A7: every address refuses in the same form", async () => {
  await using server = serve(createMemoryEngine());
  const get = await fetch(urlOf(server));
  await assertRefused(get, "method-not-allowed", /by POST, got GET/);
  await assertRefused(await fetch(`http://127.0.0.1:${server.port}/none`), "not-found", /\/none/);
});

Deno.test("A7: an engine that fails is answered with its code, and the next picture is explained", async () => {
  let fail = true;
  const engine = createMemoryEngine({
    beforeRun: () => {
      if (fail) throw new Error("the worker died");
    },
  });
  await using server = serve(engine);
  await assertRefused(await post(server, ""), "engine-failed", /^The engine failed/);
  fail = false;
  await documentOf(await post(server, ""));
});

Deno.test("A8: a page of another origin is refused, a tool without one is not", async () => {
  await using server = serve(createMemoryEngine());
  const from = (origin: string) => post(server, "", PNG, { headers: { origin } });
  await assertRefused(await from("https://evil.example"), "origin-refused", /evil\.example/);
  await documentOf(await from(`http://127.0.0.1:${server.port}`));
});

Deno.test("A9: methods and layers are listed as on the command line", async () => {
  const engine = createMemoryEngine();
  await using server = serve(engine);
  const base = `http://127.0.0.1:${server.port}/api`;
  assert.deepEqual(
    await (await fetch(`${base}/methods`)).json(),
    JSON.parse(JSON.stringify(methodsDocument(engine.model))),
  );
  const { model, defaultLayer, layers } = await (await fetch(`${base}/layers`)).json();
  assert.deepEqual([model, defaultLayer], ["memory", "features"]);
  const features = layers.find(({ name }: { name: string }) => name === "features");
  assert.deepEqual(features.shape, [7, 7, 10]);
  assert.deepEqual(features.inputs, ["input"]);
  assert.ok(features.methods.includes("grad-cam") && !features.methods.includes("occlusion"));
});

Deno.test("A10: a server that stops answers what it has not finished", async () => {
  const gated = gatedEngine();
  await using server = serve(gated.engine);
  const answer = post(server, "?method=occlusion");
  const open = await gated.batch();
  server.hub.shutdown();
  await assertRefused(await answer, "server-closing", /stopping/);
  open();
});

Deno.test("one picture over HTTP, with the real engine", async (t) => {
  const engine: Engine = await openShipped();
  const photo = await Deno.readFile(COFFEE);
  {
    await using server = serve(engine);

    await t.step("A1: the document is the command line's, figure by figure", async () => {
      const args = [
        "--method",
        "grad-cam,hirescam,occlusion",
        "--class",
        "top1,cup",
        "--window",
        "64",
        "--stride",
        "64",
      ];
      const { stdout } = await new Deno.Command("deno", {
        args: ["task", "--quiet", "explain", COFFEE, ...args, "--json"],
        stdin: "null",
        env: { NO_COLOR: "1" },
      }).output();
      const theirs: ExplanationDocument = JSON.parse(new TextDecoder().decode(stdout));
      const query = "?method=grad-cam,hirescam,occlusion&class=top1,cup&window=64&stride=64";
      const ours = await documentOf(await post(server, query, photo));
      const [a, b] = [ours, theirs].map(roundedOf);
      assert.deepEqual(a, b);
    });

    await t.step("A2: the meters come with trust=1", async () => {
      const { attribution } = await documentOf(await post(server, "?method=cam&trust=1", photo));
      const { deletion, insertion } = attribution?.trust ?? assert.fail("there are no meters");
      assert.ok(deletion.auc < insertion.auc);
    });

    await t.step(
      "A3: png is the picture with the map over it, npy the raw map, html the report",
      async () => {
        const png = await post(server, "?class=cup&format=png", photo);
        assert.equal(png.headers.get("content-type"), "image/png");
        const drawn = await decodePicture(await png.bytes(), { format: "png" });
        assert.deepEqual([drawn.width, drawn.height], [448, 448]);
        const npy = await post(server, "?method=cam&format=npy", photo);
        assert.deepEqual(readNpy(await npy.bytes()).shape, [7, 7]);
        const { attribution } = await documentOf(await post(server, "?method=cam", photo));
        const { top, left, height, width } = attribution?.extent ?? assert.fail("no extent");
        assert.equal(npy.headers.get("map-extent"), `${top}, ${left}, ${height}, ${width}`);
        const html = await post(
          server,
          "?method=cam,hirescam&format=html",
          formOf(photo, { name: "<b>.png" }),
        );
        assert.match(html.headers.get("content-type") ?? "", /^text\/html/);
        assert.match(html.headers.get("content-security-policy") ?? "", /style-src 'sha256-/);
        const text = await html.text();
        assert.match(text, /espresso[\s\S]*HiResCAM/);
        assert.ok(text.includes("&lt;b&gt;.png") && !text.includes("<b>.png"));
      },
    );

    await t.step("A4: a side or pixels over the limit and a damaged picture are refused", async () => {
      const wide = encodePng({ width: 16_385, height: 1, rgb: new Uint8Array(3 * 16_385) });
      await assertRefused(await post(server, "", wide), "frame-side", /at most 16384 px, got 16385×1/);
      const screen = Uint8Array.from(
        "GIF89a\xff\x3f\xff\x3f\0\0\0,\0\0\0\0\x01\0\x01\0\x80\0\0\0\0\0\0\x02\0",
        (one) => one.charCodeAt(0),
      );
      await assertRefused(
        await post(server, "", screen),
        "frame-side",
        /at most 67108864 pixels, got 16383×16383/,
      );
      await assertRefused(await post(server, "", photo.slice(0, 5_000)), "frame-corrupt", /Cannot decode/);
    });

    await t.step(
      "A13: a picture is read for its notes, or refused as one that is to be explained",
      async () => {
        const ask = (body: Uint8Array<ArrayBuffer>) =>
          fetch(`http://localhost:${server.port}/api/picture`, { method: "POST", body });
        assert.deepEqual(await (await ask(photo)).json(), { notes: [] });
        const { notes } = await (await ask(await Deno.readFile("server/engine/image/_fixtures/moving.gif")))
          .json();
        assert.match(notes.join(), /^The GIF moves: its first picture is taken$/);
        await assertRefused(await ask(photo.slice(0, 5_000)), "frame-corrupt", /Cannot decode/);
        await assertRefused(await ask(new TextEncoder().encode("hello")), "frame-format", /JPEG/);
        const wide = encodePng({ width: 16_385, height: 1, rgb: new Uint8Array(3 * 16_385) });
        await assertRefused(await ask(wide), "frame-side", /at most 16384 px, got 16385×1/);
      },
    );

    await t.step("no picture stays in the engine", async () => {
      assert.equal((await engine.stats()).frames, 0);
    });
  }
  await engine.close();
});

/** A document without what differs from run to run; figures to what batches of other sizes leave equal. */
function roundedOf({ image: _image, attributions = [], ...rest }: ExplanationDocument) {
  const round = (value: number) => Math.round(value * 1e3) / 1e3;
  return {
    ...rest,
    predictions: rest.predictions.map((line) => ({
      ...line,
      logit: round(line.logit),
      probability: round(line.probability),
    })),
    attributions: attributions.map(({ elapsedMs: _elapsedMs, min, max, ...map }: AttributionDocument) => ({
      ...map,
      min: round(min),
      max: round(max),
    })),
  };
}
