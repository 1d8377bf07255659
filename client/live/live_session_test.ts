/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { signal } from "@preact/signals";
import { decodeFrame, type Tile } from "../../shared/codec.ts";
import type { ReadRanking, Result, ServerMessage, View } from "../../shared/protocol.ts";
import { oneCellTile } from "../../shared/testing/one_cell_tile.ts";
import type { ConnectionState } from "./connection.ts";
import type { Link, LinkPorts } from "./link.ts";
import { LiveSession } from "./live_session.ts";
import type { StreamObserver } from "./stream_observers.ts";

type Reports = Omit<LinkPorts, "url">;

/** A link in memory: what is sent is kept, what comes is handed in. */
class MemoryLink implements Link {
  readonly state = signal<ConnectionState>({ phase: "idle" });
  readonly frames: number[] = [];
  stalls = 0;
  readonly #reports: Reports;

  constructor(reports: Reports) {
    this.#reports = reports;
  }

  live(on: boolean): void {
    this.#reports.onLive(on);
  }

  message(message: ServerMessage): void {
    this.#reports.onMessage(message);
  }

  tile(tile: Tile): void {
    this.#reports.onTile(tile);
  }

  sendFrame(bytes: Uint8Array<ArrayBuffer>): boolean {
    this.frames.push(decodeFrame(bytes).id);
    return true;
  }

  stalled(): void {
    this.stalls++;
  }

  start(): void {}
  hurry(): void {}
  wanted(): void {}
  sendView(): void {}
  sendPanes(): void {}
  sendLog(): void {}
  sendShare(): void {}
  sendStage(): void {}
  sendFlip(): boolean {
    return true;
  }
  sendReasons(): void {}
  dispose(): void {}
}

const VIEW: View = { revision: 3, method: "grad-cam", target: { kind: "rank", rank: 1 }, options: {} };

/** A session on a link in memory, at a time that the test sets. */
function makeSession() {
  const time = { nowMs: 1_000 };
  const links: MemoryLink[] = [];
  const session = new LiveSession({
    connect(reports) {
      const link = new MemoryLink(reports);
      links.push(link);
      return link;
    },
    now: () => time.nowMs,
    view: () => VIEW,
    encode: () => ({ format: "png", picture: new Uint8Array([1]) }),
    isStill: () => false,
    isHidden: () => false,
    repeatStill: () => {},
  });
  const [link] = links;
  assert.ok(link !== undefined);
  return { session, link, time };
}

/** Writes down the events of a stream by name. */
function listener(heard: string[]): StreamObserver {
  return {
    connected: () => void heard.push("connected"),
    disconnected: () => void heard.push("disconnected"),
    captured(capturedMs) {
      heard.push(`captured ${capturedMs}`);
      return null;
    },
    sent: (frame, capturedMs) => void heard.push(`sent ${frame} of ${capturedMs}`),
    afterCapture: () => void heard.push("after capture"),
    sceneCut: () => void heard.push("cut"),
    renormalised: (model) => void heard.push(`renormalised ${model}`),
    result: ({ frame }) => void heard.push(`result ${frame}`),
    tile: ({ frame }, capturedMs) => void heard.push(`tile ${frame} of ${capturedMs}`),
    message: ({ type }) => void heard.push(`message ${type}`),
    pictureChanged: (change, nextFrame) => void heard.push(`${change} from ${nextFrame}`),
    accepted: ({ revision }) => void heard.push(`accepted ${revision}`),
  };
}

function rankingOf(index: number): ReadRanking {
  return { rows: [{ index, label: `class ${index}`, probability: 0.9, logit: 5 }], unsure: false };
}

function result(frame: number, index: number): Result {
  return {
    type: "result",
    frame,
    revision: VIEW.revision,
    model: "tiny",
    predictions: rankingOf(index).rows,
    ranking: rankingOf(index),
    target: { index, label: `class ${index}`, probability: 0.9, logit: 5 },
    times: { captured: 0, queued: 0, compute: 20, server: 25 },
    dropped: { superseded: 0, slow: 2 },
  };
}

Deno.test("LiveSession sends the newest picture and reports each step of it in order", () => {
  const { session, link, time } = makeSession();
  const heard: string[] = [];
  session.observe(listener(heard));
  link.live(true);
  time.nowMs = 1_020;
  session.frameReady(1_020, 1_010, false);
  assert.deepEqual(link.frames, [1]);
  assert.deepEqual(heard, ["connected", "captured 1010", "sent 1 of 1010", "after capture"]);
  session.dispose();
});

Deno.test("LiveSession sends the waiting picture before it reports a result, so that the engine never idles", () => {
  const { session, link, time } = makeSession();
  link.live(true);
  session.frameReady(1_000, 1_000, false);
  session.frameReady(1_030, 1_030, false);
  assert.deepEqual(link.frames, [1], "one frame is under way at a time");
  const heard: string[] = [];
  session.observe(listener(heard));
  time.nowMs = 1_032;
  link.message(result(1, 7));
  assert.deepEqual(heard, ["sent 2 of 1030", "result 1"]);
  assert.equal(session.board.state.value.target?.index, 7);
  session.dispose();
});

Deno.test("LiveSession reports a cut before the result whose first class nobody read before", () => {
  const { session, link } = makeSession();
  link.live(true);
  const heard: string[] = [];
  session.observe(listener(heard));
  link.message(result(1, 7));
  link.message(result(2, 7));
  link.message(result(3, 8));
  assert.deepEqual(heard, ["result 1", "result 2", "cut", "result 3"]);
  session.dispose();
});

Deno.test("LiveSession reports tiles with the time of their picture, and forgets it with the connection", () => {
  const { session, link } = makeSession();
  const heard: string[] = [];
  link.live(true);
  session.frameReady(1_000, 990, false);
  session.observe(listener(heard));
  link.tile(oneCellTile({ frame: 1, revision: VIEW.revision }));
  link.live(false);
  link.live(true);
  link.tile(oneCellTile({ frame: 1, revision: VIEW.revision }));
  assert.deepEqual(heard, ["tile 1 of 990", "disconnected", "connected", "tile 1 of null"]);
  session.dispose();
});

Deno.test("LiveSession.mapAgeMs() counts from the picture of the newest tile of the view that is asked for", () => {
  const { session, link } = makeSession();
  link.live(true);
  session.frameReady(1_000, 990, false);
  link.tile(oneCellTile({ frame: 1, revision: VIEW.revision - 1 }));
  assert.equal(session.mapAgeMs(1_100), 1_100, "a late tile of another view makes nothing younger");
  link.tile(oneCellTile({ frame: 1, revision: VIEW.revision }));
  assert.equal(session.mapAgeMs(1_100), 110);
  session.dispose();
});

Deno.test("LiveSession.drawn() gives the figures the age of a frame whose map is drawn for the first time", () => {
  const { session, link, time } = makeSession();
  link.live(true);
  session.frameReady(1_000, 990, false);
  link.message(result(1, 7));
  link.tile(oneCellTile({ frame: 1, revision: VIEW.revision }));
  session.drawn(1_040, false);
  time.nowMs = 1_050;
  session.pictureChanged("hold");
  assert.equal(session.figures.value.p50Ms, 50);
  assert.equal(session.figures.value.drops.slow, 2);
  session.dispose();
});

Deno.test("LiveSession.pictureChanged() reports the first frame of the picture that follows", () => {
  const { session, link } = makeSession();
  link.live(true);
  session.frameReady(1_000, 1_000, false);
  const heard: string[] = [];
  session.observe(listener(heard));
  session.pictureChanged("source");
  assert.deepEqual(heard, ["source from 2"]);
  session.dispose();
});

Deno.test("LiveSession frees the link of a refused frame, and leaves a pane's error to the pane", () => {
  const { session, link, time } = makeSession();
  link.live(true);
  session.frameReady(1_000, 1_000, false);
  session.frameReady(1_030, 1_030, false);
  const heard: string[] = [];
  session.observe(listener(heard));
  time.nowMs = 1_031;
  const refusal = { type: "error", code: "frame-corrupt", message: "", frame: 1, revision: null } as const;
  link.message({ ...refusal, pane: 2 });
  link.message({ ...refusal, pane: null });
  assert.deepEqual(heard, ["message error", "sent 2 of 1030", "message error"]);
  session.dispose();
});

Deno.test("LiveSession shows what a model can do that comes again by the same id, as it was changed", () => {
  const { session, link } = makeSession();
  const heard: string[] = [];
  session.observe(listener(heard));
  const model = {
    ...{ id: "tiny", name: "Tiny", width: 8, height: 8, defaultLayer: "relu", classes: 3 },
    ...{ knows: "3 classes", tries: [], grey: [124, 116, 104] as [number, number, number] },
  };
  const facts = { methods: [], layers: [], sharedNames: [] };
  const { revision, method, options } = VIEW;
  const accepted = {
    type: "view",
    revision,
    model: "tiny",
    method,
    target: VIEW.target,
    layer: "relu",
    options,
  } as const;
  link.message({
    ...{
      type: "welcome",
      version: 5,
      model,
      models: [],
      threads: 1,
      log: "none",
      reachable: false,
      ...facts,
    },
    limits: { frameBytes: 1, frameSidePx: 1, framesInFlight: 2 },
  });
  const before = session.welcome.value;
  link.message(accepted);
  assert.equal(session.welcome.value, before);
  link.message({ type: "model", model: { ...model, name: "Mine" }, ...facts, sharedNames: [1] });
  assert.deepEqual(heard.filter((event) => event.startsWith("renormalised")), []);
  const normalised = { ...model, name: "Mine", grey: [127, 127, 127] as [number, number, number] };
  link.message({ type: "model", model: normalised, ...facts, sharedNames: [1] });
  assert.deepEqual(heard.filter((event) => event.startsWith("renormalised")), ["renormalised tiny"]);
  assert.equal(session.welcome.value?.model.name, "Tiny", "the view that is of it comes next");
  link.message(accepted);
  assert.deepEqual([session.welcome.value?.model.name, session.welcome.value?.sharedNames], ["Mine", [1]]);
  session.dispose();
});
