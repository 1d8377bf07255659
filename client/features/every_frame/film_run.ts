/** Makes one film: frames decoded in order, explained, drawn, encoded and kept, from where the last run ended. */
import { type VideoSample, VideoSampleSink } from "mediabunny";
import { displayRange } from "../../../shared/display_range.ts";
import { type FilmScale, followFilm } from "../../../shared/film_scale.ts";
import type { Prediction } from "../../../shared/protocol.ts";
import type { SidecarFrame } from "../../../shared/sidecar.ts";
import { smallMap, smallMapJson } from "../../../shared/small_map.ts";
import { openEncoding, type PacketEncoder, type PacketEncoding } from "../../film/picture_packets.ts";
import { SquareEncoder } from "../../picture/square_encoder.ts";
import { MAX_FRAME_BYTES } from "../../../shared/limits.ts";
import { filmSize } from "../../picture/placement.ts";
import { MAX_FILM_PIXELS, MAX_FILM_SIDE_PX } from "../../../shared/video_limits.ts";
import type { FrameAnswer, FrameLink } from "./frame_link.ts";
import type { Job } from "./job.ts";
import { natureOfJob } from "./job_look.ts";
import { filmSides, Painter } from "./painter.ts";
import type { JobStore } from "./store.ts";
import { type OpenVideo, VideoRefusal } from "./video_file.ts";

/** Frames of a stretch, which is kept as a whole: what a reload loses at most. */
const CHUNK_FRAMES = 120;

/** Times that are the same in a video, in s. */
const SAME_S = 1e-6;

/** How long the last frame of a video that does not say it is shown, in s. */
const USUAL_FRAME_S = 1 / 30;

/** What a run is made of. */
export interface FilmRunOptions {
  readonly store: JobStore;
  readonly video: OpenVideo;
  readonly link: FrameLink;
  /** Aborted where the person pauses: what is done is kept first. */
  readonly paused: AbortSignal;
  /** Aborted where the film is given up: nothing of it is kept. */
  readonly cancelled: AbortSignal;
  /** Called with the number of frames that are in the film. */
  readonly onFrames: (done: number) => void;
}

/** How a run ended. */
export type FilmRunEnd = { readonly kind: "whole"; readonly encoding: PacketEncoding } | {
  readonly kind: "paused";
};

/** A frame that is being explained. */
interface Pending {
  readonly picture: HTMLCanvasElement;
  readonly seconds: number;
  readonly durationS: number;
  readonly answer: Promise<FrameAnswer>;
}

/** What was done before. */
interface Done {
  readonly frames: number;
  readonly lastS: number;
  readonly scale: FilmScale | null;
}

/** One run over a video. */
export class FilmRun {
  readonly #options: FilmRunOptions;
  readonly #job: Job;
  readonly #painter: Painter;
  readonly #encoding: PacketEncoding;
  readonly #canvases: HTMLCanvasElement[] = [];
  readonly #square = new SquareEncoder();
  #row: PacketEncoder | null = null;
  #entries: SidecarFrame[] = [];
  #labels = new Map<number, string>();
  #scale: FilmScale | null;
  #frames: number;
  #lastS: number;

  private constructor(options: FilmRunOptions, painter: Painter, encoding: PacketEncoding, done: Done) {
    this.#options = options;
    this.#job = options.store.job;
    this.#painter = painter;
    this.#encoding = encoding;
    this.#scale = done.scale;
    this.#frames = done.frames;
    this.#lastS = done.lastS;
  }

  /**
   * Explains what is left of a video.
   *
   * @throws Error, in words for people; DOMException `QuotaExceededError` where what is done cannot be kept; the reason of `cancelled`
   */
  static async run(options: FilmRunOptions): Promise<FilmRunEnd> {
    const { store, video } = options;
    const opened = await openEncoding(filmSides(video, store.job));
    if (opened === null) {
      throw new Error("This browser encodes no video: use another one, or the command line.");
    }
    const painter = new Painter(opened.context, store.job, video.endS - video.firstS);
    const run = new FilmRun(options, painter, opened.encoding, await doneOf(store));
    try {
      return await run.#run();
    } finally {
      run.#row?.cancel();
    }
  }

  async #run(): Promise<FilmRunEnd> {
    const { video, paused, cancelled, link, onFrames } = this.#options;
    onFrames(this.#frames);
    const samples = new VideoSampleSink(video.track).samples(Math.max(0, this.#lastS));
    const pending: Pending[] = [];
    try {
      for (;;) {
        const sample = await this.#next(samples);
        if (sample === null) break;
        if (sample.timestamp <= this.#lastS + SAME_S) {
          sample.close();
          continue;
        }
        pending.push(this.#begin(sample));
        while (pending.length >= link.depth) await this.#end(pending.shift());
        cancelled.throwIfAborted();
        if (paused.aborted) break;
      }
      while (pending.length > 0) await this.#end(pending.shift());
    } finally {
      await samples.return();
    }
    cancelled.throwIfAborted();
    await this.#keep();
    return paused.aborted ? { kind: "paused" } : { kind: "whole", encoding: this.#encoding };
  }

  /**
   * Decodes the next frame; null at the end.
   *
   * @throws VideoRefusal where the file is damaged there
   */
  async #next(samples: AsyncGenerator<VideoSample>): Promise<VideoSample | null> {
    try {
      const { done, value } = await samples.next();
      return done === true ? null : value;
    } catch (cause) {
      throw new VideoRefusal(
        `“${this.#job.file.name}” is damaged: the browser cannot decode it to its end. Convert it first, or use the ` +
          "command line, which leaves out what is damaged.",
        { cause },
      );
    }
  }

  /** Takes a frame, and asks for its explanation. */
  #begin(sample: VideoSample): Pending {
    const { timestamp, duration } = sample;
    // A frame that began before the film does is there from its beginning.
    const seconds = Math.max(0, timestamp);
    const picture = this.#draw(sample);
    sample.close();
    const { width, height } = picture;
    const encoded = this.#square.moving({ image: picture, width, height }, this.#job.input, {
      slow: false,
      maxBytes: MAX_FRAME_BYTES,
    });
    if (encoded === null) throw new Error("Cannot explain the frame: the browser drew nothing of it.");
    const answer = this.#options.link.explain(encoded, seconds * 1_000);
    return { picture, seconds, durationS: duration > 0 ? duration : USUAL_FRAME_S, answer };
  }

  /** The whole picture, turned as its metadata says; of another size in the middle of a video, it is fitted into the first one's. */
  #draw(sample: VideoSample): HTMLCanvasElement {
    const canvas = this.#canvases.pop() ?? document.createElement("canvas");
    const { width, height } = filmSize(this.#options.video, MAX_FILM_SIDE_PX, MAX_FILM_PIXELS);
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    // In ordinary memory: it is read twice, for the network and for the film.
    const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    if (context === null) throw new Error("Cannot explain the frame: the browser has no 2D canvas.");
    context.fillStyle = "#000";
    context.fillRect(0, 0, width, height);
    sample.drawWithFit(context, { fit: "contain" });
    return canvas;
  }

  /** Draws an explained frame into the film. */
  async #end(pending: Pending | undefined): Promise<void> {
    if (pending === undefined) return;
    const { picture, seconds, durationS, answer } = pending;
    const { result, map } = await answer;
    const range = map.rgb === null ? displayRange(map.values, natureOfJob(this.#job)) : null;
    const { classIndex, values } = map;
    this.#scale = followFilm(this.#scale, { classIndex, cells: values.length, range }, seconds * 1_000);
    this.#painter.paint({ picture, seconds, result, map, scale: this.#scale });
    this.#canvases.push(picture);
    this.#row ??= await this.#encoding.open();
    await this.#row.add(seconds, durationS);
    for (const { index, label } of [...result.ranking.rows, result.target]) this.#labels.set(index, label);
    this.#entries.push({
      t: seconds,
      view: 0,
      frame: this.#frames,
      target: result.target.index,
      predictions: result.ranking.rows.map(share),
      ...(result.ranking.unsure && { unsure: true }),
      scale: this.#scale === null ? null : { low: this.#scale.low, high: this.#scale.high },
      map: map.rgb === null ? smallMapJson(smallMap(map)) : null,
    });
    this.#lastS = seconds;
    this.#frames++;
    this.#options.onFrames(this.#frames);
    if (this.#entries.length >= CHUNK_FRAMES) await this.#keep();
  }

  /** Ends the stretch and keeps it. */
  async #keep(): Promise<void> {
    const row = await this.#row?.finish() ?? null;
    this.#row = null;
    if (row === null) return;
    await this.#options.store.add({
      row,
      entries: this.#entries,
      labels: [...this.#labels],
      scale: this.#scale,
    });
    this.#entries = [];
    this.#labels = new Map();
  }
}

async function doneOf(store: JobStore): Promise<Done> {
  const count = await store.count();
  if (count === 0) return { frames: 0, lastS: -Infinity, scale: null };
  const { entries, scale } = await store.read(count - 1);
  const last = entries.at(-1);
  return { frames: (last?.frame ?? -1) + 1, lastS: last?.t ?? -Infinity, scale };
}

function share({ index, probability }: Prediction): [number, number] {
  return [index, Math.round(probability * 10_000) / 10_000];
}
