/** One viewer's log: its frames become spans, and spans entries of the store. */
import type { FileFormat, Tile } from "../../shared/codec.ts";
import type { Result } from "../../shared/protocol.ts";
import { extentProperty } from "../../shared/map_extent.ts";
import { smallMap } from "../../shared/small_map.ts";
import type { LogChange, LoggedPicture, LogStore } from "../store/mod.ts";
import { followSpans, NO_SPANS, type Span, type SpanEvent } from "./spans.ts";

/** Frames whose pictures are remembered until their results come. */
const KEPT_PICTURES = 4;

/** An open span is written down again after this long, in ms: what a crash takes of it is no more. */
const GROWN_MS = 2_000;

/** What a diary writes with. */
export interface DiaryOptions {
  readonly store: Pick<LogStore, "append" | "amend">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly modelId: string;
  readonly modelHash: string;
  /** An entry is on the disk. */
  readonly onLogged: (id: number, label: string) => void;
  /** The store failed: nothing more is written. */
  readonly onFailed: (message: string) => void;
}

/** The entry of the open span; its id comes when it is on the disk. */
interface Entry {
  readonly id: Promise<number>;
  /** The frame that its picture is of. */
  readonly frame: number;
  hasMap: boolean;
  writtenMs: number;
}

/** Writes down what one viewer sees, without ever keeping it waiting. */
export class Diary {
  readonly #options: DiaryOptions;
  readonly #pictures = new Map<number, LoggedPicture>();
  #spans = NO_SPANS;
  #entry: Entry | null = null;
  #frame = 0;
  /** The writes so far, one after the other. */
  #writes: Promise<unknown> = Promise.resolve();
  #failed = false;

  constructor(options: DiaryOptions) {
    this.#options = options;
  }

  /** Everything that was to be written so far is. */
  get settled(): Promise<unknown> {
    return this.#writes;
  }

  /** A frame goes to the engine. */
  frame(id: number, format: FileFormat, picture: Uint8Array<ArrayBuffer>): void {
    this.#pictures.set(id, { format, bytes: picture.slice() });
    const [oldest] = this.#pictures.keys();
    if (this.#pictures.size > KEPT_PICTURES && oldest !== undefined) this.#pictures.delete(oldest);
  }

  /** The result of a frame. */
  result(
    { frame, ranking: { rows: [first], unsure } }: Pick<Result, "frame" | "ranking">,
    method: string,
  ): void {
    if (first === undefined || frame === this.#frame) return;
    this.#frame = frame;
    // A guess is nothing that was seen.
    if (unsure) return this.#follow({ kind: "unsure" });
    const { modelId, modelHash, now } = this.#options;
    const { index, label, probability } = first;
    const sighting = { classIndex: index, label, probability, method, modelId, modelHash, timeMs: now() };
    this.#follow({ kind: "sighting", sighting });
  }

  /** The finished map of a frame: the first one of a span becomes its picture's. */
  map(
    { frame, mapHeight, mapWidth, extent, values }: Pick<
      Tile,
      "frame" | "mapHeight" | "mapWidth" | "extent" | "values"
    >,
  ): void {
    const entry = this.#entry;
    if (entry === null || entry.hasMap || frame < entry.frame) return;
    const picture = this.#pictures.get(frame);
    if (picture === undefined && frame !== entry.frame) return;
    entry.hasMap = true;
    const map = smallMap({ height: mapHeight, width: mapWidth, values, ...extentProperty(extent) });
    this.#amend(entry, { map, ...(picture === undefined ? {} : { picture }) });
  }

  /** Nothing more will come for now. */
  end(): void {
    this.#follow({ kind: "stop" });
    this.#pictures.clear();
  }

  #follow(event: SpanEvent): void {
    const { state, changes } = followSpans(this.#spans, event);
    this.#spans = state;
    for (const { kind, span } of changes) {
      switch (kind) {
        case "opened":
          this.#open(span);
          break;
        case "grown":
          this.#grow(span);
          break;
        case "ended":
          if (this.#entry !== null) this.#amend(this.#entry, { span });
          this.#entry = null;
          break;
        default:
          kind satisfies never;
      }
    }
  }

  #open(span: Span): void {
    const { store, now, onLogged } = this.#options;
    const picture = this.#pictures.get(this.#frame) ?? null;
    const nowMs = now();
    const id = this.#write(async () => {
      const id = await store.append(span, picture, nowMs);
      onLogged(id, span.label);
      return id;
    });
    this.#entry = { id, frame: this.#frame, hasMap: false, writtenMs: nowMs };
  }

  #grow(span: Span): void {
    const entry = this.#entry;
    const nowMs = this.#options.now();
    if (entry === null || nowMs - entry.writtenMs < GROWN_MS) return;
    entry.writtenMs = nowMs;
    this.#amend(entry, { span });
  }

  #amend({ id }: Entry, change: LogChange): void {
    this.#write(async () => this.#options.store.amend(await id, change));
  }

  #write<T>(work: () => Promise<T>): Promise<T> {
    const written = this.#writes.then(() => {
      if (this.#failed) throw new Error("Cannot write into the log as it has failed before");
      return work();
    });
    this.#writes = written.catch((error: unknown) => {
      if (this.#failed) return;
      this.#failed = true;
      this.#options.onFailed(error instanceof Error ? error.message : String(error));
    });
    // Whoever amends an entry that was never written finds out by the same way.
    written.catch(() => {});
    return written;
  }
}
