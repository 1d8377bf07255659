/** What one recording holds from its countdown to its end: microphone, camera size, film and take. */
import type { Marker } from "../../../shared/sidecar.ts";
import type { Size } from "../../picture/placement.ts";
import type { Film } from "../../film/film.ts";
import { filmSizeOf } from "../../film/film_pace.ts";
import { openMicrophone } from "./microphone.ts";
import type { RecorderPorts } from "./ports.ts";
import { recordedOf } from "./recorded.ts";
import type { Recorded, StopCause } from "./recorder_state.ts";
import type { Take } from "./take/take.ts";
import type { SidecarHead } from "../../film/take_record.ts";

/** How long a recording waits for a server that is gone, in ms. */
const SERVER_PATIENCE_MS = 5_000;

/** What a run reports while it records. */
export interface RunEvents {
  readonly onGrow: (bytes: number) => void;
  readonly onStop: (cause: StopCause) => void;
}

/** What a run leaves. */
export interface Finished {
  readonly recorded: Recorded;
  /** What it is of, in words. */
  readonly name: string;
  /** Removes the files that the recording lies in. */
  readonly remove: () => Promise<void>;
}

/** A film that is open. */
interface OpenFilm {
  readonly film: Film;
  readonly take: Take;
  readonly head: SidecarHead;
  readonly createdMs: number;
  readonly stopObserving: () => void;
}

/** One recording; times in ms of `performance.now()`. */
export class RecordingRun {
  readonly #ports: RecorderPorts;
  readonly #events: RunEvents;
  #microphone: MediaStream | null = null;
  /** The largest pictures that can be recorded now; null where the lazy recorder could not be loaded. */
  #largest: Promise<Size | null> = Promise.resolve(null);
  #open: OpenFilm | null = null;
  #liveMs = 0;
  #ended = false;

  constructor(ports: RecorderPorts, events: RunEvents) {
    this.#ports = ports;
    this.#events = events;
  }

  /** Opens the microphone where sound is wanted. */
  async listen(): Promise<void> {
    const { sound, say } = this.#ports;
    if (!sound()) return;
    this.#microphone = await openMicrophone();
    if (this.#microphone === null) {
      say("The browser gives no microphone: this recording has no sound.");
    }
  }

  /**
   * Asks the camera for pictures of its own size, as far as they can be encoded; the countdown gives it its time.
   *
   * @param isWanted whether the countdown still runs
   */
  enlargeCamera(isWanted: () => boolean): void {
    const enlarge = async () => {
      const size = await (await import("./lazy_recorder.ts")).largestPicture();
      if (isWanted()) this.#ports.resizeCamera(size);
      return size;
    };
    this.#largest = enlarge().catch(() => null);
  }

  /**
   * Opens the film; returns what writes it, or null where the recording was ended meanwhile.
   *
   * @throws Error where this browser can write none
   */
  async open(): Promise<Film["means"] | null> {
    const { surface, drawn, caption, model, observe } = this.#ports;
    const { onGrow, onStop } = this.#events;
    const { openFilm, Take } = await import("./lazy_recorder.ts");
    const largest = await this.#largest;
    if (largest === null) throw new Error("Cannot record: the code of films could not be loaded");
    const film = await openFilm({
      ...filmSizeOf(surface(), largest),
      sound: this.#microphone?.getAudioTracks()[0] ?? null,
      onGrow,
      onBreak: onStop,
    });
    const head = { created: new Date().toISOString(), model: model(), drawn: drawn() };
    const take = new Take({
      ...this.#ports,
      film,
      crop: "whole",
      drawn: head.drawn,
      caption: caption(),
      onStall: () => onStop("encoder-failed"),
    });
    if (this.#ended) {
      await take.cancel();
      return null;
    }
    this.#liveMs = performance.now();
    this.#open = { film, take, head, createdMs: Date.now(), stopObserving: observe(take) };
    return film.means;
  }

  /** To be called a few times a second while it records. */
  tick(nowMs: number): void {
    this.#open?.take.tick(nowMs);
    if (this.#ports.isLive()) this.#liveMs = nowMs;
    else if (nowMs - this.#liveMs > SERVER_PATIENCE_MS) this.#events.onStop("server-gone");
  }

  pause(nowMs: number): void {
    this.#open?.take.pause(nowMs);
  }

  resume(nowMs: number): void {
    this.#open?.take.resume(nowMs);
  }

  /**
   * Ends the film.
   *
   * @throws Error where none was begun, nothing was written, or the film cannot be finished
   */
  async finish(nowMs: number, markers: readonly Marker[]): Promise<Finished> {
    if (this.#open === null) throw new Error("Cannot finish the film: none was begun");
    const { film: { means }, take, head, createdMs, stopObserving } = this.#open;
    stopObserving();
    const taken = await take.finish(nowMs, head, markers);
    const recorded = recordedOf(taken, { createdMs, means });
    return { recorded, name: taken.name === "" ? this.#ports.name() : taken.name, remove: taken.remove };
  }

  /** Throws away what is recorded. */
  async cancel(): Promise<void> {
    await this.#open?.take.cancel();
  }

  /** Lets go of microphone, camera size and stream. */
  end(): void {
    this.#ended = true;
    this.#ports.resizeCamera(null);
    this.#open?.stopObserving();
    this.#open = null;
    for (const track of this.#microphone?.getTracks() ?? []) track.stop();
    this.#microphone = null;
  }
}
