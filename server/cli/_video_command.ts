/** What a command line asks for of videos. */
import type { Ask } from "../explain/mod.ts";
import type { EngineRequest, OutputForm } from "./_command.ts";
import type { Arguments, SwitchFlag, ValueFlag } from "./_flags.ts";
import { UsageError } from "./_usage_error.ts";

/** Flags that make pictures videos, and those that none of them goes with. */
const VIDEO_FLAGS = ["every", "film", "csv", "video-summary"] as const satisfies (ValueFlag | SwitchFlag)[];
const PICTURE_FLAGS = ["map", "png", "report", "trust", "why"] as const satisfies (ValueFlag | SwitchFlag)[];

/** Frames that are left out between two that are explained, at most. */
const MAX_EVERY = 100_000;

/** Videos to explain. */
export interface VideoCommand {
  readonly kind: "videos";
  readonly videos: readonly string[];
  readonly engine: EngineRequest;
  /** One method and one class. */
  readonly ask: Ask;
  readonly form: OutputForm;
  /** Each n-th frame is explained. */
  readonly every: number;
  /** Whether the classes are printed by time. */
  readonly summary: boolean;
  readonly files: { readonly film?: string; readonly csv?: string };
}

/** Whether a command line is about videos. */
export function isAboutVideos(given: Arguments["given"]): boolean {
  return VIDEO_FLAGS.some((name) => given.has(name));
}

/**
 * Reads what is asked of videos.
 *
 * @throws UsageError
 */
export function readVideoCommand(
  { images, given, models }: Arguments,
  { engine, ask, form }: Pick<VideoCommand, "engine" | "ask" | "form">,
): VideoCommand {
  for (const name of PICTURE_FLAGS) {
    if (given.has(name)) throw new UsageError(`Cannot explain videos with --${name}: it is for pictures`);
  }
  if (ask.methods.length > 1 || ask.classes.includes(",")) {
    throw new UsageError("Cannot explain videos by several maps: expected one --method and one --class");
  }
  if (models.length > 1) {
    throw new UsageError(
      `Cannot explain videos by several models: expected one --model, got ${models.length}`,
    );
  }
  const [film, csv] = [given.get("film"), given.get("csv")];
  if (film !== undefined && !/\.mp4$/i.test(film)) {
    throw new UsageError(`Cannot write the film: expected a name that ends in .mp4, got '${film}'`);
  }
  return {
    kind: "videos",
    videos: images,
    engine,
    ask,
    form,
    every: everyOf(given.get("every")),
    summary: given.has("video-summary") || film === undefined && csv === undefined,
    files: { ...(film === undefined ? {} : { film }), ...(csv === undefined ? {} : { csv }) },
  };
}

function everyOf(text: string | undefined): number {
  if (text === undefined) return 1;
  const every = /^\d+$/.test(text) ? Number(text) : NaN;
  if (every >= 1 && every <= MAX_EVERY) return every;
  throw new UsageError(`Cannot take --every: expected a whole number from 1 to ${MAX_EVERY}, got '${text}'`);
}
