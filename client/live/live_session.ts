/** The live path of a page: frames go out as fast as they are answered; results and tiles come in as events. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Tile } from "../../shared/codec.ts";
import type {
  ErrorMessage,
  ReadRanking,
  Result,
  ServerMessage,
  View,
  Welcome,
} from "../../shared/protocol.ts";
import { type Board, createBoard } from "./board.ts";
import { type Figures, FIGURES_STEP_MS, NO_FIGURES, STANDSTILL_MS } from "./figures.ts";
import { type FramePicture, FrameSender } from "./frame_sender.ts";
import { Ledger } from "./ledger.ts";
import type { Link, LinkPorts } from "./link.ts";
import { Meter } from "./meter.ts";
import { isCut } from "./scene_cut.ts";
import { ServedModels } from "./served_models.ts";
import { type PictureCopy, type StreamObserver, StreamObservers } from "./stream_observers.ts";

/** Answers missed in a row after which the connection is replaced. */
const MAX_LOST_IN_ROW = 3;

/** What a session needs. */
export interface LivePorts {
  /** Makes the connection. */
  readonly connect: (ports: Omit<LinkPorts, "url">) => Link;
  /** The time in ms. */
  readonly now: () => number;
  /** The view that is asked for; tiles of another one are late. */
  readonly view: () => View;
  /**
   * Encodes the newest picture: `copy` is it where somebody copied it, `slow` says that the network is what frames wait
   * for. Null where there is no picture.
   */
  readonly encode: (copy: PictureCopy | null, still: boolean, slow: boolean) => FramePicture | null;
  /** Whether the picture is held, so that nothing grows old. */
  readonly isStill: () => boolean;
  /** Whether nobody sees the page, so that its pictures stop. */
  readonly isHidden: () => boolean;
  /** Gives a picture that stands still once more, for a new connection. */
  readonly repeatStill: () => void;
}

/** The stream of one page; nothing happens until `start()`. */
export class LiveSession {
  readonly link: Link;
  readonly board: Board = createBoard();
  readonly models: ServedModels = new ServedModels();
  readonly #ports: LivePorts;
  readonly #welcome = signal<Welcome | null>(null);
  readonly #figures = signal<Figures>(NO_FIGURES);
  readonly #observers = new StreamObservers();
  readonly #sender: FrameSender;
  readonly #ledger = new Ledger();
  readonly #meter = new Meter();
  #slowDrops = { before: 0, now: 0 };
  /** Since when the picture has been moving, in ms: a map cannot be late before that. */
  #movingSinceMs = 0;
  /** What was read last; null before the first result. */
  #ranking: ReadRanking | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(ports: LivePorts) {
    this.#ports = ports;
    this.link = ports.connect({
      view: ports.view,
      onMessage: (message) => this.#message(message),
      onTile: (tile) => this.#tile(tile),
      onLive: (live) => live ? this.#connected() : this.#disconnected(),
    });
    this.#sender = new FrameSender({
      now: ports.now,
      encode: (still, slow) => ports.encode(this.#observers.copy, still, slow),
      send: (bytes) => this.link.sendFrame(bytes),
      onSent: (frame, capturedMs, picture) => {
        this.#ledger.sent(frame, capturedMs);
        this.#observers.sent(frame, capturedMs, picture);
      },
    });
  }

  /** What the server says of itself and of the view's model; null before the first connection. */
  get welcome(): ReadonlySignal<Welcome | null> {
    return this.#welcome;
  }

  get figures(): ReadonlySignal<Figures> {
    return this.#figures;
  }

  /** Reports the stream's events until the returned function is called. */
  readonly observe = (observer: StreamObserver): () => void => this.#observers.add(observer);

  start(): void {
    this.link.start();
    this.#timer = setInterval(() => this.#step(), FIGURES_STEP_MS);
  }

  /** A picture is on the surface; `still`: no newer one follows by itself. Times in ms. */
  frameReady(nowMs: number, capturedMs: number, still: boolean): void {
    this.link.wanted();
    this.#observers.captured(capturedMs, still);
    this.#sender.ready(nowMs, capturedMs, still);
    this.#observers.afterCapture();
  }

  /** The picture changed (another source) or is the same but held or released. */
  pictureChanged(change: "source" | "hold"): void {
    this.#sender.pictureChanged(change);
    this.#movingSinceMs = this.#ports.now();
    if (change === "source") this.#meter.clear();
    this.#observers.pictureChanged(change, this.#sender.nextFrame);
    this.#refresh();
  }

  /** A map was drawn; `growing`: its method's maps grow tile by tile. */
  drawn(nowMs: number, growing: boolean): void {
    const ageMs = this.#ledger.drawn(nowMs, growing);
    if (ageMs !== null) this.#meter.drawn(nowMs, ageMs);
  }

  /** Age of the picture that the newest tile explains, in ms; 0 while the picture stands still or nobody sees it. */
  mapAgeMs(nowMs: number): number {
    if (this.#ports.isStill() || this.#ports.isHidden()) this.#movingSinceMs = nowMs;
    return nowMs - Math.max(this.#ledger.mapCapturedMs, this.#movingSinceMs);
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.link.dispose();
    this.board.dispose();
  }

  #connected(): void {
    this.#ledger.reconnected();
    this.#slowDrops = { before: this.#slowDrops.before + this.#slowDrops.now, now: 0 };
    this.#observers.connected();
    // A still picture goes into the slot first, so that the connection begins with one frame, not with two.
    this.#ports.repeatStill();
    this.#sender.connected();
  }

  #disconnected(): void {
    this.#ledger.reconnected();
    this.#observers.disconnected();
    this.#sender.disconnected();
  }

  #message(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        this.models.welcomed(message);
        this.#welcome.value = message;
        return this.#observers.welcomed(message);
      case "view": {
        const { type: _type, notes = [], ...view } = message;
        this.#showModel(view.model);
        return this.#observers.accepted(view, notes);
      }
      case "models":
      case "loading":
        return this.models.take(message);
      case "model":
        return this.#modelCame(message);
      case "result":
        return this.#result(message);
      case "dropped":
        return this.#sender.answered(message.frame, "superseded", null);
      case "error":
        return this.#error(message);
      case "pane":
      case "pane-result":
      case "reason":
      case "log":
      case "logged":
      case "shared":
      case "flip-progress":
      case "flip-result":
      case "flip-failed":
        return this.#observers.message(message);
      case "remote":
        return this.#observers.commanded(message.command);
      case "stage":
      case "away":
        // For those who watch.
        return;
      case "ping":
      case "pong":
        // The link has answered.
        return;
      default: {
        const _never: never = message;
        return _never;
      }
    }
  }

  /** Its fill grey is what an input of zeros looks like: it follows from the normalisation. */
  #modelCame(message: Extract<ServerMessage, { type: "model" }>): void {
    const before = this.models.factsOf(message.model.id)?.model.grey;
    const { id, grey } = message.model;
    this.models.take(message);
    if (before !== undefined && before.some((value, place) => value !== grey?.[place])) {
      this.#observers.renormalised(id);
    }
  }

  /** Everything on the page that asks what can be explained, and how, is about this model from now on. */
  #showModel(id: string): void {
    const welcome = this.#welcome.peek();
    const facts = this.models.factsOf(id);
    // A model that was changed comes again by the same id (X8).
    if (welcome === null || facts === undefined || welcome.model === facts.model) return;
    this.#welcome.value = { ...welcome, ...facts };
    // Classes of another network say nothing about a cut.
    this.#ranking = null;
  }

  #result(result: Result): void {
    this.#observers.answering(result.revision);
    // The next frame leaves before anything is drawn: the engine is idle from here on.
    this.#sender.answered(result.frame, "result", result.times.server);
    this.#slowDrops.now = result.dropped.slow;
    if (isCut(this.#ranking, result.ranking)) this.#observers.sceneCut();
    this.#ranking = result.ranking;
    this.board.take(result);
    this.#ledger.result(result.frame);
    this.#observers.result(result);
  }

  #tile(tile: Tile): void {
    if (tile.pane === 0 && tile.revision === this.#ports.view().revision) this.#ledger.tile(tile.frame);
    this.#observers.tile(tile, this.#ledger.capturedMs(tile.frame));
  }

  #error(message: ErrorMessage): void {
    if (message.pane === null && message.frame !== null) {
      this.#sender.answered(message.frame, "refused", null);
    }
    this.#observers.message(message);
  }

  #step(): void {
    this.#sender.tick();
    if (this.#sender.lostInRow >= MAX_LOST_IN_ROW) this.link.stalled();
    this.#refresh();
  }

  #refresh(): void {
    const nowMs = this.#ports.now();
    const ageMs = this.mapAgeMs(nowMs);
    const recentMs = this.#meter.recentAge(nowMs);
    this.#figures.value = {
      // A stream that stands still grows old in front of everybody; a held picture does not.
      ageMs: recentMs ??
        (this.#ports.isStill() || ageMs < STANDSTILL_MS ? this.#figures.value.ageMs : ageMs),
      p50Ms: this.#meter.age(0.5),
      p95Ms: this.#meter.age(0.95),
      perSecond: this.#meter.rate(nowMs),
      shown: this.#meter.total,
      drops: { ...this.#sender.drops, slow: this.#slowDrops.before + this.#slowDrops.now },
    };
    this.#observers.stepped();
  }
}
