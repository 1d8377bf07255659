/** One picture, explained: what every output is made from. */
import { GradcastError } from "../../shared/errors.ts";
import type { Prediction } from "../../shared/protocol.ts";
import { decodePicture, fitInput, type Picture } from "../engine/mod.ts";
import type { Engine, LoadedModel } from "../engine/port.ts";
import {
  drive,
  explainFrame,
  predictionOf,
  type RawMap,
  type ResolvedRequest,
  topPredictions,
} from "../methods/mod.ts";
import type { Io } from "./_io.ts";
import { encodePng } from "./_png.ts";
import { reasonOf } from "./_reason.ts";
import { UsageError } from "./_usage_error.ts";

/** Longest side of a picture, in px; the limits of the live side do not count here. */
export const MAX_PICTURE_SIDE_PX = 16_384;

/** A picture's explanation. */
export interface Explained {
  /** The file, as it was named. */
  readonly image: string;
  /** What the model saw: the middle square at the input's size. */
  readonly picture: Picture;
  readonly model: LoadedModel;
  readonly request: ResolvedRequest;
  readonly predictions: readonly Prediction[];
  /** The class that the map explains. */
  readonly target: Prediction;
  readonly map: RawMap;
  /** Time from the first probe to the finished map, in ms. */
  readonly elapsedMs: number;
}

/** What explaining one picture takes. */
export interface ExplainParts {
  readonly io: Io;
  readonly engine: Engine;
  readonly request: ResolvedRequest;
  /** Unique among the pictures of a run. */
  readonly frame: number;
  /** Told the share that is done, 0…1. */
  readonly onProgress: (share: number) => void;
}

/**
 * Explains one picture file.
 *
 * @throws UsageError where the file is no picture, GradcastError `engine-failed` where the engine failed
 */
export async function explainImage(
  image: string,
  { io, engine, request, frame, onProgress }: ExplainParts,
): Promise<Explained> {
  const { model } = engine;
  const picture = fitInput(await readPicture(io, image), model.width, model.height);
  await engine.admit(frame, "png", encodePng(picture));
  try {
    const { method, target, layer, options } = request;
    let logits = new Float32Array();
    const startedMs = io.now();
    const attribution = explainFrame(method, {
      frame,
      model,
      target,
      layer,
      options,
      carry: new Map(),
      still: true,
    });
    const map = await drive(engine, attribution, {
      onRanking: (ranking) => logits = Float32Array.from(ranking),
      onTile: ({ progress }) => onProgress(progress),
    });
    return {
      image,
      picture,
      model,
      request,
      predictions: topPredictions(logits, model.labels),
      target: predictionOf(logits, model.labels, map.classIndex),
      map,
      elapsedMs: io.now() - startedMs,
    };
  } finally {
    engine.release(frame);
  }
}

async function readPicture(io: Io, image: string): Promise<Picture> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await io.readFile(image);
  } catch (cause) {
    throw new UsageError(`Cannot read the image as ${reasonOf(cause)}: current value is '${image}'`, {
      cause,
    });
  }
  try {
    return await decodePicture(bytes, { maxSide: MAX_PICTURE_SIDE_PX });
  } catch (cause) {
    if (!(cause instanceof GradcastError)) throw cause;
    throw new UsageError(`${image}: ${cause.message}`, { cause });
  }
}
