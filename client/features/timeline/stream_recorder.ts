/** Follows the stream and its maps, and hands what is worth remembering to the timeline. Times in ms of the page's clock. */
import type { Result } from "../../../shared/protocol.ts";
import type { FramePicture } from "../../live/frame_sender.ts";
import type { StreamObserver } from "../../live/stream_observers.ts";
import type { CellMap } from "../../map/cell_map.ts";
import type { MapObserver } from "../../map/map_observers.ts";
import type { InputSize } from "../../picture/square_encoder.ts";
import type { Seen } from "../../stage/seen.ts";
import { momentMap } from "./moment_map.ts";
import type { PictureRequest } from "./picture_messages.ts";
import { type RingEvent, STEP_MS } from "./ring.ts";

/** Frames whose answer is awaited at most. */
const MAX_AWAITED = 16;

/** What it needs. */
export interface StreamRecorderPorts {
  /** Time on the timeline of a moment of the page's clock. */
  readonly at: (pageMs: number) => number;
  /** Whether nothing is remembered now: the picture is frozen, or an earlier moment is looked at. */
  readonly rests: () => boolean;
  readonly seen: () => Seen;
  readonly input: () => InputSize;
  readonly take: (event: RingEvent) => void;
  /** Makes a JPEG of a frame. */
  readonly encode: (request: PictureRequest) => void;
}

/** A frame that is under way. */
interface Awaited {
  readonly capturedMs: number;
  readonly picture: FramePicture;
  /** Size of the picture, in pixels: the input of another model may have another by the time of the answer. */
  readonly size: InputSize;
}

/** Remembers a stream. */
export class StreamRecorder implements StreamObserver, MapObserver {
  readonly #ports: StreamRecorderPorts;
  readonly #awaited = new Map<number, Awaited>();
  #connection = 0;
  #nextId = 0;
  #lastMs = -Infinity;
  #lastFrame: number | null = null;

  constructor(ports: StreamRecorderPorts) {
    this.#ports = ports;
  }

  connected(): void {
    this.#connection++;
    this.#awaited.clear();
    this.#lastFrame = null;
    this.#ports.take({ kind: "broken" });
  }

  disconnected(): void {
    this.#ports.take({ kind: "broken" });
  }

  pictureChanged(): void {
    this.#awaited.clear();
    this.#lastMs = -Infinity;
    this.#ports.take({ kind: "broken" });
  }

  sent(frame: number, capturedMs: number, picture: FramePicture): void {
    if (this.#ports.rests() || capturedMs - this.#lastMs < STEP_MS) return;
    this.#lastMs = capturedMs;
    this.#awaited.set(frame, { capturedMs, picture, size: this.#ports.input() });
    const [oldest] = this.#awaited.keys();
    if (this.#awaited.size > MAX_AWAITED && oldest !== undefined) this.#awaited.delete(oldest);
  }

  result(result: Result): void {
    if (this.#ports.rests()) return;
    const awaited = this.#awaited.get(result.frame);
    if (awaited === undefined) {
      // Of a picture that stands still another model, or another view, says something new.
      const nowMs = performance.now();
      if (result.frame === this.#lastFrame && nowMs - this.#lastMs >= STEP_MS) this.#note(result, nowMs);
      return;
    }
    this.#awaited.delete(result.frame);
    const { capturedMs, picture: { format, picture: bytes }, size: { width, height } } = awaited;
    const id = this.#note(result, capturedMs);
    this.#ports.encode({ id, format, bytes, width, height });
  }

  explained(frame: number, map: CellMap): void {
    const seen = this.#ports.seen();
    // The first frames of another view may still have a map of the one before.
    if (this.#ports.rests() || map.revision !== seen.view.revision) return;
    const small = momentMap(map);
    if (small === null) return;
    this.#ports.take({ kind: "explained", name: { connection: this.#connection, frame }, map: small, seen });
  }

  #note(result: Result, capturedMs: number): number {
    const id = this.#nextId++;
    this.#lastFrame = result.frame;
    this.#lastMs = Math.max(this.#lastMs, capturedMs);
    this.#ports.take({
      kind: "seen",
      moment: {
        id,
        name: { connection: this.#connection, frame: result.frame },
        atMs: this.#ports.at(capturedMs),
        capturedMs,
        // The frame's own numbers are left out: only those that people saw are shown again.
        result: { ...result, predictions: [] },
        seen: this.#ports.seen(),
      },
    });
    return id;
  }
}
