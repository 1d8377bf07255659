/** Viewers without a page that load a server: they send frames at a pace and count what comes back. */
import { decodeTile, encodeFrame, type Frame, PROTOCOL_VERSION, type View } from "../../shared/mod.ts";
import type { Pane } from "../../shared/protocol.ts";

/** Where a frame's id stands in its header. */
const ID_OFFSET = 4;

/** What a viewer sends. */
export interface LoadOptions {
  readonly port: number;
  readonly view: View;
  readonly panes?: readonly Pane[];
  readonly picture: Pick<Frame, "format" | "picture">;
  /** Time between two frames, in ms; absent: the next one leaves when one is answered, with two under way. */
  readonly everyMs?: number;
}

/** What came of one frame's map. */
export interface Grown {
  /** Tiles that came of it. */
  tiles: number;
  /** Most samples that it was made of. */
  samples: number;
  /** Largest share of it that was computed, 0…1. */
  progress: number;
}

/** One connected viewer that sends frames of a moving picture until it is closed. */
export class LoadViewer implements AsyncDisposable {
  /** Predictions that came. */
  results = 0;
  /** From the frame's leaving to its result, of each one, in ms. */
  readonly agesMs: number[] = [];
  /** Maps of the main pane, by frame. */
  readonly maps = new Map<number, Grown>();
  readonly #socket: WebSocket;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #sentMs = new Map<number, number>();
  readonly #closed: Promise<void>;
  #wake = () => {};
  #timer: ReturnType<typeof setInterval> | undefined;
  #lastId = 0;

  private constructor({ port, picture }: LoadOptions) {
    this.#bytes = encodeFrame({ id: 1, still: false, capturedMs: 0, ...picture });
    this.#socket = new WebSocket(`ws://localhost:${port}/ws`);
    this.#socket.binaryType = "arraybuffer";
    this.#closed = new Promise((resolve) => this.#socket.onclose = () => resolve());
  }

  /** Connects, says what is wanted and begins to send. */
  static async open(options: LoadOptions): Promise<LoadViewer> {
    const viewer = new LoadViewer(options);
    const { view, panes, everyMs } = options;
    await new Promise((resolve) => viewer.#socket.onopen = resolve);
    viewer.#socket.onmessage = ({ data }) => viewer.#take(data, everyMs === undefined);
    viewer.#say({ type: "hello", version: PROTOCOL_VERSION, view });
    if (panes !== undefined) viewer.#say({ type: "panes", panes });
    if (everyMs !== undefined) viewer.#timer = setInterval(() => viewer.#send(), everyMs);
    else for (let first = 0; first < 2; first++) viewer.#send();
    return viewer;
  }

  /** Waits until as many results have come since the last reset. */
  async seen(count: number): Promise<void> {
    while (this.results < count) await new Promise<void>((resolve) => this.#wake = resolve);
  }

  /** Waits until a map has come of which this holds. */
  async grown(isWanted: (map: Grown) => boolean): Promise<void> {
    while (!this.maps.values().some(isWanted)) await new Promise<void>((resolve) => this.#wake = resolve);
  }

  /** Begins to count again. */
  reset(): void {
    this.results = 0;
    this.agesMs.length = 0;
    this.maps.clear();
  }

  #take(data: string | ArrayBuffer, isPaced: boolean): void {
    if (typeof data !== "string") return this.#grow(data);
    const message: unknown = JSON.parse(data);
    if (typeof message !== "object" || message === null || !("type" in message)) return;
    if (message.type === "ping") return this.#say({ type: "pong" });
    if (message.type === "error") throw new Error(`Cannot load the server: it answered ${data}`);
    if (message.type !== "result" || !("frame" in message)) return;
    this.results++;
    this.agesMs.push(performance.now() - (this.#sentMs.get(Number(message.frame)) ?? NaN));
    this.#wake();
    if (isPaced) this.#send();
  }

  #grow(data: ArrayBuffer): void {
    const { pane, frame, progress, samples } = decodeTile(new Uint8Array(data));
    if (pane > 0) return;
    const map = this.maps.get(frame) ?? { tiles: 0, samples: 0, progress: 0 };
    map.tiles++;
    map.progress = Math.max(map.progress, progress);
    map.samples = Math.max(map.samples, samples?.count ?? 0);
    this.maps.set(frame, map);
    this.#wake();
  }

  #send(): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const id = ++this.#lastId;
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset);
    view.setUint32(ID_OFFSET, id, true);
    view.setFloat64(ID_OFFSET + 4, performance.now(), true);
    this.#sentMs.set(id, performance.now());
    this.#sentMs.delete(id - 1_000);
    this.#socket.send(this.#bytes);
  }

  #say(message: unknown): void {
    this.#socket.send(JSON.stringify(message));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    if (this.#socket.readyState !== WebSocket.CLOSED) this.#socket.close();
    await this.#closed;
  }
}
