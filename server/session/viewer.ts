/** The effects of a viewer: carries events from socket, clock, engine and scheduler to the state machine. */
import { encodeTile, type Frame, type Tile } from "../../shared/codec.ts";
import { ERRORS } from "../../shared/errors.ts";
import type { ListedModel, ServerMessage } from "../../shared/protocol.ts";
import type { Clock } from "../clock/mod.ts";
import { type Logger, toWireError, type WireError } from "../logger/mod.ts";
import type { Scheduler } from "../scheduler/mod.ts";
import { followsList } from "./_cover.ts";
import { errorMessage } from "./_refuse.ts";
import { ViewerJobs } from "./_viewer_jobs.ts";
import { type ServeModel, ViewerModels } from "./_viewer_models.ts";
import { FIRST_STATE, reduce } from "./reduce.ts";
import type { Socket } from "./socket.ts";
import type { Presence } from "./seats.ts";
import type { LogNews, Shared, ShowNews, ViewerObserver } from "./observer.ts";
import type { RankedState } from "./_ranking.ts";
import type { Effect, ServedModel, SessionEvent, SessionState, SessionWorld, TimerName } from "./state.ts";

/** What a viewer works with. */
export interface ViewerParts {
  readonly world: SessionWorld;
  readonly socket: Socket;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly serveModel: ServeModel;
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
  readonly #jobs: ViewerJobs;
  readonly #models: ViewerModels;
  readonly #timers = new Map<TimerName, () => void>();
  readonly #events: SessionEvent[] = [];
  #state: SessionState = FIRST_STATE;
  #draining = false;
  /** The writer of the decision log, and those who watch. */
  #decisionLog: ViewerObserver | null = null;
  #audience: ViewerObserver | null = null;

  constructor(parts: ViewerParts) {
    this.#parts = parts;
    this.#models = new ViewerModels({
      serve: parts.serveModel,
      dispatch: (event) => this.#dispatch(event),
      wireError: (error, action) => this.#wireError(error, action),
    });
    this.#jobs = new ViewerJobs({
      name: this.#name,
      scheduler: parts.scheduler,
      list: () => this.#ranking,
      followsList: (request) => this.#state.phase === "live" && followsList(request, this.#state.request),
      dispatch: (event) => this.#dispatch(event),
      wireError: (error, action) => this.#wireError(error, action),
    });
  }

  /** The models of the server, or their states, have changed. */
  modelsChanged(models: readonly ListedModel[]): void {
    this.#dispatch({ kind: "models", models });
  }

  /** A model computes with another engine from now on. */
  modelExchanged(served: ServedModel): void {
    this.#dispatch({ kind: "model-exchanged", served });
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
    if (before === "greeting" && state.phase === "live") this.#models.use(state.using);
    for (const effect of effects) this.#carryOut(effect);
    if (event.kind === "timer" && event.name === "turn" && effects.length > 0) {
      this.#events.push({ kind: "turned", tookMs: clock.now() - at.nowMs });
    }
    if (before !== "closed" && state.phase === "closed") {
      this.#writeLog(false);
      this.#audience?.left();
      this.#audience = null;
      this.#models.use([]);
      this.#parts.scheduler.forget(this.#name);
      this.#parts.onEnd();
    }
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case "send":
        return this.#send(effect.message);
      case "send-tile":
        return this.#sendTile(effect.tile);
      case "close":
        return this.#parts.socket.close(
          ERRORS[effect.code].close ?? ERRORS["server-fault"].close,
          effect.code,
        );
      case "stage":
        for (const one of this.#observers) one.stage(effect.stage);
        return;
      case "share":
        return this.#share(effect.key);
      case "log":
        return this.#writeLog(effect.on);
      case "admit":
        this.#show(effect.frame);
        return this.#jobs.carryOut(effect);
      case "explain":
      case "measure":
      case "forget-pictures":
      case "search":
      case "end-search":
      case "retire":
      case "supersede":
      case "release":
        return this.#jobs.carryOut(effect);
      case "use":
        return this.#models.use(effect.models);
      case "arm":
        return this.#arm(effect.name, effect.ms);
      case "disarm":
        return this.#disarm(effect.name);
      default: {
        const never: never = effect;
        throw new TypeError(`Cannot carry out the effect: its kind ${never} is unknown`);
      }
    }
  }

  #send(message: ServerMessage): void {
    const text = JSON.stringify(message);
    this.#parts.socket.send(text);
    this.#parts.sent(message);
    for (const one of this.#observers) one.said(message, { text, method: this.#method });
  }

  #sendTile(tile: Tile): void {
    const bytes = encodeTile(tile);
    this.#parts.socket.send(bytes);
    if (tile.pane !== 0) return;
    for (const one of this.#observers) one.tile(tile, bytes);
  }

  #arm(name: TimerName, ms: number): void {
    this.#timers.get(name)?.();
    this.#timers.set(name, this.#parts.clock.after(ms, () => this.#dispatch({ kind: "timer", name })));
  }

  #disarm(name: TimerName): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }

  /** Hands a frame's picture to those who look on; bare pixels without a copy are no picture that they can open. */
  #show({ id, format, picture, copy }: Frame): void {
    if (format === "rgb" && copy === undefined) return;
    const [type, bytes] = format === "rgb" || copy !== undefined
      ? ["jpeg" as const, copy ?? picture]
      : [format, picture];
    for (const one of this.#observers) one.frame(id, type, bytes);
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

  get #ranking(): RankedState {
    return this.#state.phase === "live" ? this.#state : { ranking: null };
  }

  get #method(): string {
    return this.#state.phase === "live" ? this.#state.request.method.id : "";
  }

  get #name(): string {
    return String(this.#parts.world.viewer);
  }
}
