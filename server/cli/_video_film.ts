/** The film of a video on its way to the disk: there whole, or not at all. */
import { basename, dirname, join } from "node:path";
import { shortLabel } from "../../shared/labels.ts";
import { type DisplayRange, displayRange } from "../../shared/display_range.ts";
import { type FilmScale, followFilm } from "../../shared/film_scale.ts";
import { natureOf } from "../../shared/map_values.ts";
import type { Explanation } from "../explain/mod.ts";
import { fileName, FilmPictures, formatShare } from "../report/mod.ts";
import { addTexts, type Ffmpeg, type FilmWords, FilmWriter, type VideoFrame } from "../video/mod.ts";
import type { Io } from "./_io.ts";

/** Shortest time that words stay, in s: numbers of every frame could not be read. */
const WORDS_S = 0.5;

/** Classes that the words name. */
const NAMED = 3;

/** What a film is made of. */
export interface FilmOf {
  readonly video: string;
  readonly film: string;
  readonly size: { readonly width: number; readonly height: number };
  readonly sound: string | null;
  readonly ffmpeg: Ffmpeg;
  readonly input: { readonly width: number; readonly height: number };
}

/** A frame that was explained. */
export interface FilmFrame extends VideoFrame {
  readonly explanation: Explanation;
}

/** A film of a video; disposing of one that was not finished leaves nothing. */
export class VideoFilm implements AsyncDisposable {
  readonly #of: FilmOf;
  readonly #io: Io;
  readonly #writer: FilmWriter;
  readonly #pictures = new FilmPictures();
  readonly #words: FilmWords[] = [];
  readonly #parts: Readonly<Record<"film" | "whole", string>>;
  #scale: FilmScale | null = null;
  #written: Promise<void> = Promise.resolve();

  constructor(of: FilmOf, io: Io) {
    this.#of = of;
    this.#io = io;
    const part = (ending: string) => join(dirname(of.film), `.${basename(of.film)}.${Deno.pid}.${ending}`);
    this.#parts = { film: part("tmp"), whole: part("whole.tmp") };
    this.#writer = new FilmWriter({
      path: io.wholePath(this.#parts.film),
      size: of.size,
      ffmpeg: of.ffmpeg,
      sound: of.sound === null ? null : { path: io.wholePath(of.video), codec: of.sound },
    });
  }

  /**
   * Draws the next frame, which is shown for a time in s, and begins to write it: the one after it is explained and drawn
   * meanwhile. Its pixels are released once they are written.
   *
   * @throws VideoError where an earlier frame could not be written
   */
  async add({ rgb, release, seconds, explanation }: FilmFrame, durationS: number): Promise<void> {
    const { size, input } = this.#of;
    const [explained] = explanation.maps;
    if (explained !== undefined) {
      this.#pictures.draw({ ...size, rgb }, explained, { input, range: this.#range(explanation, seconds) });
    }
    this.#say(explanation, seconds, seconds + durationS);
    await this.#written;
    this.#written = this.#writer.add(rgb, seconds, durationS).then(release);
    // Whoever adds the next frame, or ends the film, hears of a failure.
    this.#written.catch(() => {});
  }

  /**
   * Ends the film and gives it its name.
   *
   * @throws VideoError
   */
  async finish(texts: { readonly title: string; readonly chapters: readonly FilmWords[] }): Promise<void> {
    const { film, whole } = this.#parts;
    const io = this.#io;
    await this.#written;
    await this.#writer.finish();
    await addTexts(io.wholePath(film), io.wholePath(whole), { ...texts, subtitles: this.#words });
    await io.rename(whole, this.#of.film);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer[Symbol.asyncDispose]();
    for (const part of Object.values(this.#parts)) await this.#io.remove(part);
  }

  #range({ maps: [explained] }: Explanation, seconds: number): DisplayRange | null {
    if (explained === undefined) return null;
    const { map: { values }, method, options, target } = explained;
    const range = displayRange(values, natureOf(method, options));
    const map = { classIndex: target.index, cells: values.length, range };
    return this.#scale = followFilm(this.#scale, map, seconds * 1_000);
  }

  #say({ predictions, unsure, maps: [explained] }: Explanation, fromS: number, toS: number): void {
    const last = this.#words.at(-1);
    if (last !== undefined && fromS - last.fromS < WORDS_S - 1e-6) {
      this.#words[this.#words.length - 1] = { ...last, toS };
      return;
    }
    const classes = predictions.slice(0, NAMED)
      .map(({ label, probability }) => `${shortLabel(label)} ${formatShare(probability)}`);
    const of = explained === undefined || explained.subject === "network"
      ? ""
      : ` – ${explained.method.name} for ${shortLabel(explained.target.label)}`;
    this.#words.push({ fromS, toS, words: `${unsure ? "Not sure: " : ""}${classes.join(", ")}${of}` });
  }
}

/** What a film is called. */
export function filmTitle(video: string, method: string, model: string): string {
  return `${fileName(video)} explained: ${method}, ${model}`;
}
