/** The effects of a viewer: carries events from socket, clock, engine and scheduler to the state machine. */
import { encodeTile, type Frame } from "../../shared/codec.ts";
import { ERRORS } from "../../shared/errors.ts";
import type { ServerMessage } from "../../shared/protocol.ts";
import type { Clock } from "../clock/mod.ts";
import type { FrameKey } from "../engine/port.ts";
import type { Sketch } from "../engine/sketch.ts";
import { type Logger, toWireError, type WireError } from "../logger/mod.ts";
import type { Carry } from "../methods/method.ts";
import { contrastFrame, explainFrame, predictFrame } from "../methods/mod.ts";
import type { Job, JobHandle, Scheduler } from "../scheduler/mod.ts";
import { errorMessage } from "./_refuse.ts";
import { followedList } from "./_ranking.ts";
import { FIRST_STATE, reduce } from "./reduce.ts";
import type { Socket } from "./socket.ts";
import type { Presence } from "./seats.ts";
import type { LogNews, Shared, ShowNews, ViewerObserver } from "./observer.ts";
import type {
  Effect,
  LiveState,
  PaneRequest,
  SessionEvent,
  SessionState,
  SessionWorld,
  TimerName,
  Work,
} from "./state.ts";

/** What a viewer works with. */
export interface ViewerParts {
  readonly world: SessionWorld;
  readonly socket: Socket;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Receives unexpected errors. */
  readonly logger: Logger;
  /** Makes what writes down what this viewer sees; absent: the server keeps no log. */
  readonly decisionLog?: (news: LogNews) => ViewerObserver;
  /** Called with every message of the protocol that the viewer is sent. */
  readonly sent: (message: ServerMessage) => void;
  /** Opens the show of a key to those who watch. */
  readonly present: (key: string, news: ShowNews) => ViewerObserver;
  /** Called once, when the session has ended. */
  readonly onEnd: () => void;
}

/** What a viewer hears who does not present. */
const NOT_SHARED: Shared = { watch: null, remote: null, watchers: 0, addresses: [] };

/** One connected viewer. */
export class Viewer {
  readonly #parts: ViewerParts;
  readonly #timers = new Map<TimerName, () => void>();
  readonly #events: SessionEvent[] = [];
  #state: SessionState = FIRST_STATE;
  #draining = false;
  /** The writer of the decision log, and those who watch. */
  #decisionLog: ViewerObserver | null = null;
  #audience: ViewerObserver | null = null;
  /** What is being explained, by pane. */
  readonly #jobs = new Map<number, JobHandle>();
  /** What the frames show that are at the engine; null until it has said so. */
  readonly #sketches = new Map<FrameKey, Sketch | null>();
  /** Pictures that the engine has not taken or refused yet. */
  readonly #admissions = new Map<FrameKey, Promise<void>>();
  /** By pane; belongs to one revision: a method must not mix what it learnt under another view. */
  readonly #carries = new Map<number, { readonly revision: number; readonly values: Carry }>();

  constructor(parts: ViewerParts) {
    this.#parts = parts;
  }

  /** The socket has opened; `full` where the server has no seat for it. */
  open(full: "all" | "address" | null): void {
    this.#dispatch({ kind: "opened", full });
  }

  /** Gives the seat to somebody else. */
  displace(): void {
    this.#dispatch({ kind: "displaced" });
  }

  /** What the viewer does with its seat. */
  get presence(): Presence {
    const state = this.#state;
    if (state.phase !== "live") return { kind: "greeting" };
    if (state.sharing) return { kind: "presenting" };
    return state.activeMs === null ? { kind: "empty" } : { kind: "shown", sinceMs: state.activeMs };
  }

  /** A message has come. */
  receive(data: string | Uint8Array<ArrayBuffer>): void {
    this.#dispatch(typeof data === "string" ? { kind: "text", text: data } : { kind: "binary", bytes: data });
  }

  /** The socket has closed. */
  closed(): void {
    this.#dispatch({ kind: "closed" });
  }

  /** The server stops. */
  shutdown(): void {
    this.#dispatch({ kind: "shutdown" });
  }

  /** Events that an effect causes wait until the effects before it are carried out. */
  #dispatch(event: SessionEvent): void {
    this.#events.push(event);
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) this.#take(next);
    } finally {
      this.#draining = false;
    }
  }

  #take(event: SessionEvent): void {
    const { world, clock, socket } = this.#parts;
    const before = this.#state.phase;
    const at = { nowMs: clock.now(), bufferedBytes: socket.bufferedBytes };
    const { state, effects } = reduce(world, this.#state, event, at);
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
    if (event.kind === "timer" && event.name === "turn" && effects.length > 0) {
      this.#events.push({ kind: "turned", tookMs: clock.now() - at.nowMs });
    }
    if (before !== "closed" && state.phase === "closed") {
      this.#writeLog(false);
      this.#audience?.left();
      this.#audience = null;
      this.#parts.scheduler.forget(this.#name);
      this.#parts.onEnd();
    }
  }

  #carryOut(effect: Effect): void {
    const { socket, clock, scheduler } = this.#parts;
    switch (effect.kind) {
      case "send": {
        const text = JSON.stringify(effect.message);
        socket.send(text);
        this.#parts.sent(effect.message);
        for (const one of this.#observers) one.said(effect.message, { text, method: this.#method });
        return;
      }
      case "send-tile": {
        const bytes = encodeTile(effect.tile);
        socket.send(bytes);
        if (effect.tile.pane === 0) { for (const one of this.#observers) one.tile(effect.tile, bytes); }
        return;
      }
      case "share":
        this.#share(effect.key);
        return;
      case "stage":
        for (const one of this.#observers) one.stage(effect.stage);
        return;
      case "log":
        this.#writeLog(effect.on);
        return;
      case "close":
        socket.close(ERRORS[effect.code].close ?? ERRORS["server-fault"].close, effect.code);
        return;
      case "admit":
        this.#show(effect.frame);
        this.#admissions.set(
          effect.work.key,
          this.#admit(effect).finally(() => this.#admissions.delete(effect.work.key)),
        );
        return;
      case "explain":
        this.#explain(effect.work, effect.requests);
        return;
      case "retire":
        for (const pane of effect.panes === "all" ? [...this.#jobs.keys()] : effect.panes) this.#retire(pane);
        return;
      case "supersede":
        for (const job of this.#jobs.values()) job.supersede();
        this.#jobs.clear();
        return;
      case "release":
        this.#sketches.delete(effect.key);
        scheduler.release(effect.key);
        return;
      case "arm":
        this.#timers.get(effect.name)?.();
        this.#timers.set(
          effect.name,
          clock.after(effect.ms, () => this.#dispatch({ kind: "timer", name: effect.name })),
        );
        return;
      case "disarm":
        this.#timers.get(effect.name)?.();
        this.#timers.delete(effect.name);
        return;
      default: {
        const never: never = effect;
        throw new TypeError(
          `Cannot carry out the effect: its kind ${never} is unknown`,
        );
      }
    }
  }

  /** Hands a frame's picture to those who look on; bare pixels without a copy are no picture that they can open. */
  #show({ id, format, picture, copy }: Frame): void {
    if (format === "rgb" && copy === undefined) return;
    const [type, bytes] = format === "rgb" || copy !== undefined
      ? ["jpeg" as const, copy ?? picture]
      : [format, picture];
    for (const one of this.#observers) one.frame(id, type, bytes);
  }

  async #admit({ work, frame }: Extract<Effect, { kind: "admit" }>): Promise<void> {
    this.#sketches.set(work.key, null);
    try {
      const sketch = await this.#parts.scheduler.admit({
        viewer: this.#name,
        frame: work.key,
        format: frame.format,
        bytes: frame.picture,
      });
      // A frame that was given up meanwhile needs none any more.
      if (this.#sketches.has(work.key)) this.#sketches.set(work.key, sketch);
    } catch (error) {
      const { code, message } = this.#wireError(error, "take the frame");
      this.#dispatch({ kind: "refused", key: work.key, code, message });
    }
  }

  #explain(work: Work, requests: readonly PaneRequest[]): void {
    for (const { pane } of requests) this.#retire(pane);
    const handles = this.#parts.scheduler.submitAll(requests.map((request) => this.#jobOf(work, request)));
    for (const [place, { pane }] of requests.entries()) {
      const handle = handles[place];
      if (handle !== undefined) this.#jobs.set(pane, handle);
    }
  }

  #retire(pane: number): void {
    this.#jobs.get(pane)?.retire();
    this.#jobs.delete(pane);
  }

  #jobOf(work: Work, { pane, revision, method, target, against, layer, options }: PaneRequest): Job {
    const context = {
      frame: work.key,
      model: this.#parts.world.model,
      target,
      layer,
      options,
      carry: this.#carryOf(pane, revision),
      sketch: () => this.#sketches.get(work.key) ?? null,
      still: work.still,
    };
    const shown = { work, pane, revision };
    const list = followedList(this.#ranking.ranking, work, () => this.#ranking);
    return {
      viewer: this.#name,
      frame: work.key,
      still: work.still,
      hold: {
        pane,
        revision,
        until: !method.progressive ? "never" : method.carries === true ? "row" : "map",
        ...(pane === 0 ? { glance: predictFrame(context) } : {}),
      },
      attribution: against === null
        ? explainFrame(method, context, list)
        : contrastFrame(method, context, against, list),
      listener: {
        ranking: (logits, times) => {
          if (pane === 0) this.#dispatch({ kind: "ranking", key: work.key, revision, logits, times });
        },
        tile: (tile, costMs) => this.#dispatch({ kind: "tile", ...shown, tile, costMs }),
        done: (map, costMs) => this.#dispatch({ kind: "done", ...shown, map, costMs }),
        failed: (error) => {
          const fail = () => {
            // A picture that was refused is gone, and has its answer.
            if (!this.#sketches.has(work.key)) return;
            const { code, message } = this.#wireError(error, "explain the frame");
            this.#dispatch({ kind: "failed", key: work.key, pane, revision, code, message });
          };
          // Rows of a picture that is refused fail as well, perhaps before the refusal is here: it says why.
          const admission = this.#admissions.get(work.key);
          if (admission === undefined) fail();
          else void admission.then(fail);
        },
      },
    };
  }

  #carryOf(pane: number, revision: number): Carry {
    const known = this.#carries.get(pane);
    if (known?.revision === revision) return known.values;
    const values: Carry = new Map();
    this.#carries.set(pane, { revision, values });
    return values;
  }

  /** Begins or ends to write the decision log. */
  #writeLog(on: boolean): void {
    this.#decisionLog?.end();
    const { socket, decisionLog } = this.#parts;
    this.#decisionLog = !on || decisionLog === undefined ? null : decisionLog({
      logged: (id, label) =>
        socket.send(JSON.stringify({ type: "logged", id, label } satisfies ServerMessage)),
      leftOut: (error) => {
        const { code, message } = this.#wireError(error, "write the entry");
        if (this.#state.phase !== "closed") this.#carryOut(errorMessage(code, message));
      },
      failed: (error) => {
        const { code, message } = this.#wireError(error, "write into the log");
        this.#dispatch({ kind: "log-failed", code, message });
      },
    });
  }

  /** Opens a show to those who watch, or ends it; another key ends the one before (W1). */
  #share(key: string | null): void {
    const before = this.#audience;
    this.#audience = null;
    before?.end();
    if (key === null) return this.#tell({ type: "shared", ...NOT_SHARED });
    const tell = (show: Shared | null) => {
      if (show === null) this.#audience = null;
      this.#tell({ type: "shared", ...show ?? NOT_SHARED });
    };
    this.#audience = this.#parts.present(key, {
      shared: tell,
      remote: (command) => this.#tell({ type: "remote", command }),
    });
  }

  #tell(message: ServerMessage): void {
    this.#parts.socket.send(JSON.stringify(message));
  }

  #wireError(error: unknown, action: string): WireError {
    return toWireError(error, { logger: this.#parts.logger, action });
  }

  get #observers(): readonly ViewerObserver[] {
    return [this.#audience, this.#decisionLog].filter((one) => one !== null);
  }

  get #ranking(): Pick<LiveState, "ranking"> {
    return this.#state.phase === "live" ? this.#state : { ranking: null };
  }

  get #method(): string {
    return this.#state.phase === "live" ? this.#state.request.method.id : "";
  }

  get #name(): string {
    return String(this.#parts.world.viewer);
  }
}
