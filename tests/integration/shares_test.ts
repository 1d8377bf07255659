/** Rules G with the real engine over real sockets: light viewers beside every greedy one, and maps that grow. */
import assert from "node:assert/strict";
import { decodePicture, type Engine, fitInput } from "../../server/engine/mod.ts";
import { encodePng } from "../../server/report/mod.ts";
import type { ShareStats } from "../../server/scheduler/mod.ts";
import type { Pane, View } from "../../shared/protocol.ts";
import { openProcessEngine } from "../support/process_engine.ts";
import { GRAD_CAM_VIEW, serve, type TestServer } from "../support/live_client.ts";
import { type LoadOptions, LoadViewer } from "../support/load.ts";

/** Viewers with Grad-CAM, as fast as they are answered. */
const LIGHT = 4;

/** Results of each light viewer before anything counts, and that count: some turns of the greedy one. */
const SETTLING = 6;
const MEASURED = 20;

/** How long a measurement takes at least, in ms: saved up credit (G2) is 300 of them. */
const MEASURED_MS = 3_500;

/** Part of its equal share of the engine's time that a light viewer keeps beside a greedy one. */
const KEPT = 0.8;

/**
 * Part of the results that it keeps. Others use the cores of a test machine, so that the same load has had half as many
 * results a few seconds later; as turns were before shares, a sixth was left.
 */
const KEPT_RESULTS = 0.4;

type Load = Pick<LoadOptions, "view" | "picture" | "panes" | "everyMs">;

function view(method: string): View {
  return { ...GRAD_CAM_VIEW, method };
}

function panes(methods: readonly string[]): Pane[] {
  return methods.map((method, index) => ({
    ...view(method),
    id: index + 1,
    target: { kind: "class", index: 10 * (index + 1) },
  }));
}

/** A picture of few bytes that takes long to decode. */
function largePng(): Uint8Array<ArrayBuffer> {
  const side = 2048;
  const rgb = Uint8Array.from({ length: 3 * side * side }, (_, at) => (at >> 9) & 255);
  return encodePng({ width: side, height: side, rgb });
}

/** What came of one load. */
interface Measured {
  /** Engine time of each light viewer as a part of all that was spent. */
  readonly shares: readonly number[];
  /** Results of one light viewer in a second, on average. */
  readonly perSecond: number;
}

/** Lets light viewers send beside what `beside` opens, and measures what they have of the engine. */
async function measure(
  engine: Engine,
  light: Load,
  beside: (server: TestServer) => Promise<AsyncDisposable>,
): Promise<Measured> {
  await using server = serve(engine, 2 * LIGHT);
  await using held = new AsyncDisposableStack();
  const viewers: LoadViewer[] = [];
  for (let count = 0; count < LIGHT; count++) {
    viewers.push(held.use(await LoadViewer.open({ port: server.port, ...light })));
  }
  held.use(await beside(server));
  const after = async (results: number, atLeastMs: number) => {
    const fromMs = performance.now();
    for (const viewer of viewers) viewer.reset();
    for (let more = results; more > 0; more = performance.now() - fromMs < atLeastMs ? results : 0) {
      await Promise.all(viewers.map((viewer) => viewer.seen(viewer.results + more)));
    }
    return { atMs: performance.now(), shares: (await server.hub.stats()).scheduler.shares };
  };
  const first = await after(SETTLING, 0);
  const last = await after(MEASURED, MEASURED_MS);
  const spent = last.shares.map((share) => ({ share, ms: share.totalMs - totalOf(first.shares, share) }));
  const allMs = spent.reduce((sum, { ms }) => sum + ms, 0);
  const results = viewers.reduce((sum, viewer) => sum + viewer.results, 0) / LIGHT;
  return {
    // Viewers are numbered in the order in which they came.
    shares: spent.filter(({ share }) => Number(share.account) <= LIGHT).map(({ ms }) => ms / allMs),
    perSecond: 1_000 * results / (last.atMs - first.atMs),
  };
}

function totalOf(shares: readonly ShareStats[], { account }: ShareStats): number {
  return shares.find((share) => share.account === account)?.totalMs ?? 0;
}

function viewerOf(load: Load): (server: TestServer) => Promise<AsyncDisposable> {
  return ({ port }) => LoadViewer.open({ port, ...load });
}

/** Eight clients who ask over HTTP for one map after the other, of all methods. */
function guestsOf(picture: Uint8Array<ArrayBuffer>): (server: TestServer) => Promise<AsyncDisposable> {
  return ({ port }) => {
    const stop = new AbortController();
    const ask = async () => {
      while (!stop.signal.aborted) {
        try {
          const url = `http://localhost:${port}/api/explain?method=all`;
          const answer = await fetch(url, { method: "POST", body: picture, signal: stop.signal });
          await answer.arrayBuffer();
        } catch (error) {
          if (!stop.signal.aborted) throw error;
        }
      }
    };
    const clients = Array.from({ length: 8 }, ask);
    return Promise.resolve({
      async [Symbol.asyncDispose]() {
        stop.abort();
        await Promise.all(clients);
      },
    });
  };
}

Deno.test("G: shares of the engine", async (t) => {
  await using process = await openProcessEngine("models/efficientnet-lite0");
  const { engine } = process;
  const file = await Deno.readFile("tests/fixtures/photos/coffee.png");
  const { rgb } = fitInput(await decodePicture(file), engine.model.width, engine.model.height);
  const picture = { format: "rgb", picture: rgb } as const;
  const light: Load = { view: view("grad-cam"), picture };
  const equal = await measure(engine, light, viewerOf(light));

  const greedy: Readonly<Record<string, (server: TestServer) => Promise<AsyncDisposable>>> = {
    "five heavy panes at 100 frames a second": viewerOf({
      view: view("fullgrad"),
      panes: panes(["fullgrad", "guided-backprop", "fullgrad", "cnn-fixations", "fullgrad"]),
      picture,
      everyMs: 10,
    }),
    "PNGs of 2048 × 2048 pixels at 100 frames a second": viewerOf({
      view: view("grad-cam"),
      picture: { format: "png", picture: largePng() },
      everyMs: 10,
    }),
    "SmoothGrad, Score-CAM and FullGrad at 100 frames a second": viewerOf({
      view: view("smoothgrad"),
      panes: panes(["score-cam", "fullgrad", "rise"]),
      picture,
      everyMs: 10,
    }),
    "eight guests with all methods": guestsOf(file),
  };
  for (const [who, beside] of Object.entries(greedy)) {
    await t.step(`G1: four light viewers keep their shares beside ${who}`, async () => {
      const { shares, perSecond } = await measure(engine, light, beside);
      const rates = [perSecond, equal.perSecond].map((rate) => rate.toFixed(1));
      const figures = `shares ${shares.map((share) => share.toFixed(3))}; results a second ${rates}`;
      assert.equal(shares.length, LIGHT, figures);
      assert.ok(Math.min(...shares) >= KEPT / (LIGHT + 1), figures);
      assert.ok(perSecond >= KEPT_RESULTS * equal.perSecond, figures);
    });
  }

  await t.step("G4: of four viewers with occlusion and SmoothGrad each sees its map grow", async () => {
    await using server = serve(engine);
    await using held = new AsyncDisposableStack();
    const open = async (method: string) =>
      held.use(await LoadViewer.open({ port: server.port, view: view(method), picture }));
    const occlusion = [await open("occlusion"), await open("occlusion")];
    const smoothGrad = [await open("smoothgrad"), await open("smoothgrad")];
    // Windows of several frames count together, and noises of one.
    for (const viewer of occlusion) await viewer.grown(({ samples }) => samples >= 4);
    for (const viewer of smoothGrad) await viewer.grown(({ samples, tiles }) => samples >= 3 && tiles >= 3);
    const viewers = [...occlusion, ...smoothGrad];
    assert.ok(viewers.every(({ results }) => results >= 5), "frames are predicted meanwhile");
    const { scheduler: { shares } } = await server.hub.stats();
    for (const { framesMs, tilesMs, picturesMs, account } of shares) {
      const share = tilesMs / (framesMs + tilesMs + picturesMs);
      assert.ok(share >= 0.1, `${share.toFixed(2)} of the time of viewer ${account} went into its map`);
    }
  });
});
