/** One viewer's log: its frames become spans, and spans entries of the store. */
import type { FileFormat, Tile } from "../../shared/codec.ts";
import { type ErrorCode, GradcastError } from "../../shared/errors.ts";
import {
  MAX_LOG_BYTES_PER_HOUR,
  MAX_LOG_ENTRIES_PER_HOUR,
  MAX_LOG_WAITING,
  MAX_LOG_WAITING_BYTES,
} from "../../shared/limits.ts";
import type { Result } from "../../shared/protocol.ts";
import { extentProperty } from "../../shared/map_extent.ts";
import { smallMap } from "../../shared/small_map.ts";
import {
  LOG_ROW_BYTES,
  type LogChange,
  type LoggedPicture,
  type LogStore,
  OWN_WRITER,
} from "../store/mod.ts";
import type { LogBudget } from "./budget.ts";
import { followSpans, type LoggedModel, NO_SPANS, type Span, type SpanEvent } from "../../shared/spans.ts";

/** Frames whose pictures are remembered until their results come. */
const KEPT_PICTURES = 4;

/** An open span is written down again after this long, in ms: what a crash takes of it is no more. */
const GROWN_MS = 2_000;

/** How long a locked log is left alone before it is tried again, in ms; the store itself waits for 5 s. */
const RETRY_MS = 500;

/** How often a write is tried again once nothing more will come. */
const LAST_RETRIES = 2;

/** Who writes: the pages of the server's own machine, or those of an address. */
export interface LogWriter {
  readonly own: boolean;
  readonly address: string;
}

/** What a writer writes with. */
export interface DecisionLogWriterOptions {
  readonly store: Pick<LogStore, "append" | "amend" | "tidy">;
  readonly writer: LogWriter;
  /** What writers from elsewhere share among themselves. */
  readonly budget: LogBudget;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits for so many ms; default: a timer. */
  readonly pause?: (ms: number) => Promise<void>;
  /** What a model is called and known by. */
  readonly modelOf: (id: string) => LoggedModel;
  /** An entry is on the disk. */
  readonly onLogged: (id: number, label: string) => void;
  /** An entry is left out as the writer has used up its budget; once until an entry is written again. */
  readonly onLeftOut: (error: GradcastError) => void;
  /** The store failed: nothing more is written. */
  readonly onFailed: (error: GradcastError) => void;
}

/** The entry of the open span; its id comes when it is on the disk. */
interface OpenEntry {
  readonly id: Promise<number>;
  /** The frame that its picture is of. */
  readonly frame: number;
  hasMap: boolean;
  writtenMs: number;
}

/** Writes down what one viewer sees, without ever keeping it waiting. */
export class DecisionLogWriter {
  readonly #options: DecisionLogWriterOptions;
  readonly #pictures = new Map<number, LoggedPicture>();
  #spans = NO_SPANS;
  #entry: OpenEntry | null = null;
  #frame = 0;
  /** The writes so far, one after the other. */
  #writes: Promise<unknown> = Promise.resolve();
  /** Writes that are not on the disk yet, the new entries among them, and the bytes of their pictures. */
  readonly #waiting = { writes: 0, entries: 0, bytes: 0 };
  #failed = false;
  #ended = false;
  #leavesOut = false;

  /** Looks at once whether the store can be written into. */
  constructor(options: DecisionLogWriterOptions) {
    this.#options = options;
    void this.#write(0, () => options.store.tidy());
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
    { frame, model: modelId, ranking: { rows: [first], unsure }, whole }: Pick<
      Result,
      "frame" | "model" | "ranking" | "whole"
    >,
    method: string,
  ): void {
    if (first === undefined || frame === this.#frame) return;
    this.#frame = frame;
    // A guess is nothing that was seen, and nobody saw a picture that is partly covered (U5).
    if (unsure || whole !== undefined) return this.#follow({ kind: "unsure" });
    const { modelOf, now } = this.#options;
    const { index, label, probability } = first;
    const sighting = {
      classIndex: index,
      label,
      probability,
      method,
      ...modelOf(modelId),
      timeMs: now(),
    };
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
    if (!this.#mayWrite(0, picture?.bytes.length ?? 0)) return;
    const map = smallMap({ height: mapHeight, width: mapWidth, values, ...extentProperty(extent) });
    this.#amend(entry, { map, ...(picture === undefined ? {} : { picture }) });
  }

  /** Nothing more will come for now. */
  end(): void {
    this.#follow({ kind: "stop" });
    this.#ended = true;
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
    const { store, writer, now, onLogged, onLeftOut } = this.#options;
    const picture = this.#pictures.get(this.#frame) ?? null;
    const bytes = picture?.bytes.length ?? 0;
    if (!this.#mayWrite(1, LOG_ROW_BYTES + bytes)) {
      if (!this.#leavesOut) onLeftOut(overBudget(writer.address));
      this.#leavesOut = true;
      return;
    }
    this.#leavesOut = false;
    this.#waiting.entries++;
    const id = this.#write(bytes, async () => {
      const id = await store.append(span, picture, writer.own ? OWN_WRITER : writer.address);
      this.#waiting.entries--;
      onLogged(id, span.label);
      return id;
    });
    this.#entry = { id, frame: this.#frame, hasMap: false, writtenMs: now() };
  }

  #mayWrite(entries: number, bytes: number): boolean {
    const { writer, budget } = this.#options;
    return writer.own || budget.take(writer.address, entries, bytes);
  }

  #grow(span: Span): void {
    const entry = this.#entry;
    const nowMs = this.#options.now();
    if (entry === null || nowMs - entry.writtenMs < GROWN_MS) return;
    entry.writtenMs = nowMs;
    this.#amend(entry, { span });
  }

  #amend({ id }: OpenEntry, change: LogChange): void {
    void this.#write(
      change.picture?.bytes.length ?? 0,
      async () => this.#options.store.amend(await id, change),
    );
  }

  #write<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    const waiting = this.#waiting;
    waiting.writes++;
    waiting.bytes += bytes;
    const written = this.#writes.then(() => this.#patiently(work)).finally(() => {
      waiting.writes--;
      waiting.bytes -= bytes;
    });
    this.#writes = written.catch((error: unknown) => this.#fail(error));
    // Whoever amends an entry that was never written finds out in the same way.
    written.catch(() => {});
    return written;
  }

  /** Tries again while another program has locked the log: what is seen meanwhile waits, as long as there is room. */
  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    const { pause = (ms) => new Promise<void>((resolve) => setTimeout(resolve, ms)) } = this.#options;
    for (let last = 0;; last += this.#ended ? 1 : 0) {
      if (this.#failed) throw new Error("Cannot write into the log: a write before failed");
      try {
        return await work();
      } catch (error) {
        const locked = error instanceof GradcastError && error.code === "data-locked";
        const { writes, bytes } = this.#waiting;
        const full = writes > MAX_LOG_WAITING || bytes > MAX_LOG_WAITING_BYTES;
        if (!locked || full || last >= LAST_RETRIES) throw error;
        await pause(RETRY_MS);
      }
    }
  }

  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    const { code, message } = error instanceof GradcastError ? error : new GradcastError(
      "log-failed",
      "Cannot write into the log: the store failed",
    );
    const { entries } = this.#waiting;
    const lost = entries === 0
      ? ""
      : `; ${entries === 1 ? "1 entry was" : `${entries} entries were`} not written`;
    const ours = error instanceof GradcastError && error.cause === undefined;
    const reason = !this.#options.writer.own
      ? withoutDetails(code)
      : ours
      ? message
      : `Cannot write into the log: ${code}, whose cause the server's terminal shows`;
    this.#options.onFailed(new GradcastError(code, `${reason}${lost}`, { cause: error }));
  }
}

/** What another machine reads of a failure: paths, processes and addresses of the server are none of its business. */
function withoutDetails(code: ErrorCode): string {
  return `Cannot write into the log: ${code}, whose details only the server's own machine is shown`;
}

function overBudget(address: string): GradcastError {
  return new GradcastError(
    "log-budget",
    `Cannot write the entry: expected at most ${MAX_LOG_ENTRIES_PER_HOUR} entries and ${MAX_LOG_BYTES_PER_HOUR} bytes ` +
      `an hour from the pages at ${address}, got more`,
  );
}
