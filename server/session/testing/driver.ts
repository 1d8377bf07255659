/** A session's world for tests, and a driver that collects what it does. */
import { encodeFrame, type Frame } from "../../../shared/codec.ts";
import { PROTOCOL_VERSION } from "../../../shared/limits.ts";
import type { View } from "../../../shared/protocol.ts";
import type { LoadedModel } from "../../engine/port.ts";
import { resolveRequest } from "../../methods/mod.ts";
import { FIRST_STATE, reduce } from "../reduce.ts";
import type { Effect, LiveState, ServedModel, SessionEvent, SessionState, SessionWorld } from "../state.ts";

/** A model of three classes. */
export const MODEL: LoadedModel = {
  id: "tiny",
  name: "Tiny",
  width: 8,
  height: 8,
  defaultLayer: "head",
  classes: 3,
  knows: "3 classes",
  tries: [],
  labels: ["cat, house cat", "dog", "cup"],
  layers: [{ name: "head", kind: "ReLU", shape: [2, 2, 4], inputs: [] }],
  projectionLayer: "head",
  normalisation: { mean: [127, 127, 127], scale: [128, 128, 128] },
  about: { description: "", source: {}, licence: {}, layers: 0, parameters: 0, multiplyAdds: 0 },
};

/** A view of the first class. */
export const VIEW: View = { revision: 1, method: "grad-cam", target: { kind: "rank", rank: 1 }, options: {} };

/** A model as sessions are handed it. */
export function servedModel(model: LoadedModel): ServedModel {
  return { model, message: { type: "model", model, methods: [], layers: [], sharedNames: [] } };
}

const FIRST = servedModel(MODEL);

/** Viewer number 7. */
export const WORLD: SessionWorld = {
  viewer: 7,
  first: FIRST,
  welcome: () => ({
    type: "welcome",
    layers: [],
    version: PROTOCOL_VERSION,
    model: MODEL,
    methods: [],
    models: [],
    limits: { frameBytes: 1, frameSidePx: 1, framesInFlight: 2 },
    threads: 1,
    sharedNames: [],
    log: "allowed",
    reachable: false,
  }),
  maxViewers: 32,
  log: "allowed",
  defaultView: { ...VIEW, revision: 0 },
  expect() {},
  resolve: (view, model) => ({ revision: view.revision, model, notes: [], ...resolveRequest(model, view) }),
};

/** A hello of this version. */
export const HELLO = JSON.stringify({ type: "hello", version: PROTOCOL_VERSION, view: VIEW });

/** A frame message of three bytes. */
export function frameMessage(id: number, more: Partial<Frame> = {}): Uint8Array<ArrayBuffer> {
  return encodeFrame({
    id,
    format: "jpeg",
    still: false,
    capturedMs: 1,
    picture: new Uint8Array([1, 2, 3]),
    ...more,
  });
}

/** Runs events through the state machine and keeps every effect. */
export class Driver {
  state: SessionState = FIRST_STATE;
  nowMs = 0;
  bufferedBytes = 0;
  readonly world: SessionWorld;

  constructor(world: SessionWorld = WORLD) {
    this.world = world;
  }

  /** Takes one event and returns its effects. */
  take(event: SessionEvent): readonly Effect[] {
    const reaction = reduce(this.world, this.state, event, {
      nowMs: this.nowMs,
      bufferedBytes: this.bufferedBytes,
    });
    this.state = reaction.state;
    return reaction.effects;
  }

  /** A message, and the turn that it may be the only one of. */
  text(text: string): readonly Effect[] {
    const effects = this.take({ kind: "text", text });
    if (!effects.some((effect) => effect.kind === "arm" && effect.name === "turn")) return effects;
    return this.take({ kind: "timer", name: "turn" });
  }

  frame(id: number, more: Partial<Frame> = {}): readonly Effect[] {
    return this.take({ kind: "binary", bytes: frameMessage(id, more) });
  }

  /** The logits of frame `id` have come. */
  ranking(
    id: number,
    revision = VIEW.revision,
    logits: Float32Array = new Float32Array([3, 1, 2]),
  ): readonly Effect[] {
    return this.take({
      kind: "ranking",
      key: keyOf(id),
      revision,
      logits,
      times: { startedMs: this.nowMs, computeMs: 5 },
    });
  }

  /** The session after its hello. */
  get live(): LiveState {
    if (this.state.phase !== "live") throw new Error(`the session is not live but ${this.state.phase}`);
    return this.state;
  }

  static greeted(world: SessionWorld = WORLD): Driver {
    const driver = new Driver(world);
    driver.take({ kind: "opened", full: null });
    driver.text(HELLO);
    return driver;
  }
}

/** The engine's key of the test viewer's frame `id`. */
export function keyOf(id: number): number {
  return WORLD.viewer * 2 ** 32 + id;
}

/** Effects in short: `error:CODE`, `close:CODE`, `send:TYPE` or their kind. */
export function brief(effects: readonly Effect[]): string[] {
  return effects.map((effect) => {
    switch (effect.kind) {
      case "send":
        return effect.message.type === "error"
          ? `error:${effect.message.code}`
          : `send:${effect.message.type}`;
      case "close":
        return `close:${effect.code}`;
      default:
        return effect.kind;
    }
  });
}
