/** Pictures in, features out, at the engine of the model that is taught. */
import { GradcastError } from "../../shared/errors.ts";
import { MAX_HTTP_PIXELS, MAX_PICTURE_SIDE_PX } from "../../shared/limits.ts";
import { type PictureReader, sniffFormat } from "../engine/mod.ts";
import {
  type Admitted,
  type Engine,
  type FrameKey,
  MAX_BATCH_ROWS,
  type Probe,
  type Row,
} from "../engine/port.ts";
import { TAUGHT_FORMATS, type TaughtFormat } from "../store/mod.ts";
import { ownFrame } from "./own_frames.ts";

type GoodRow = Extract<Row, { ok: true }>;

/** A picture that was taken, or why it was not. */
export type Taken =
  | { readonly format: TaughtFormat; readonly features: Float32Array<ArrayBuffer> }
  | { readonly error: GradcastError };

/**
 * Format of a picture that can be kept.
 *
 * @throws GradcastError `frame-format`
 */
export function keptFormat(bytes: Uint8Array): TaughtFormat {
  const format = sniffFormat(bytes);
  const kept = (Object.keys(TAUGHT_FORMATS) as TaughtFormat[]).find((one) => one === format);
  if (kept !== undefined) return kept;
  throw new GradcastError(
    "frame-format",
    `Cannot take the picture: expected JPEG, PNG or WebP, got ${format ?? "no picture"}`,
  );
}

/** Reads features of pictures, one after the other; one that cannot be read leaves the others alone. */
export async function readFeatures(
  engine: Engine,
  reader: PictureReader,
  pictures: readonly Uint8Array<ArrayBuffer>[],
  signal: AbortSignal,
): Promise<readonly Taken[]> {
  const taken: Taken[] = [];
  for (let at = 0; at < pictures.length; at += MAX_BATCH_ROWS) {
    const some = pictures.slice(at, at + MAX_BATCH_ROWS);
    taken.push(
      ...await Promise.all(some.map(async (bytes): Promise<Taken> => {
        try {
          const format = keptFormat(bytes);
          const { detail } = await withFrame({ engine, reader, signal }, bytes, (frame) => ({
            frame,
            variation: { kind: "none" },
            want: { kind: "features" },
          }));
          if (detail?.kind !== "features") throw new TypeError("Cannot read features: the row has none");
          return { format, features: Float32Array.from(detail.values) };
        } catch (error) {
          if (error instanceof GradcastError && isOfPicture(error)) return { error };
          throw error;
        }
      })),
    );
  }
  return taken;
}

/** What a picture is looked at with. */
export interface Looking {
  readonly engine: Engine;
  readonly reader: PictureReader;
  readonly signal: AbortSignal;
}

/** Hands a picture to an engine for one row. Throws GradcastError `engine-failed` where the row fails. */
export async function withFrame(
  looking: Looking,
  bytes: Uint8Array<ArrayBuffer>,
  probe: (frame: FrameKey) => Probe,
): Promise<GoodRow> {
  const [row] = await withFrames(looking, bytes, (frame) => [probe(frame)]);
  if (row !== undefined) return row;
  throw new GradcastError("engine-failed", "Cannot look at the picture: its row is missing");
}

/** The same for several rows. */
export async function withFrames(
  { engine, reader, signal }: Looking,
  bytes: Uint8Array<ArrayBuffer>,
  probes: (frame: FrameKey) => readonly Probe[],
): Promise<readonly GoodRow[]> {
  const frame = ownFrame();
  try {
    await admitPicture({ engine, reader, signal }, frame, bytes);
    signal.throwIfAborted();
    const { rows } = await engine.run(probes(frame));
    return rows.map((row) => {
      if (row.ok) return row;
      throw new GradcastError("engine-failed", row.reason);
    });
  } finally {
    engine.release(frame);
  }
}

/** What a viewer could send goes to the engine as it is, anything else is made smaller beside it first. */
export async function admitPicture(
  { engine, reader, signal }: Looking,
  frame: FrameKey,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Admitted> {
  const format = sniffFormat(bytes);
  if (format === "jpeg" || format === "png") {
    try {
      return await engine.admit(frame, format, bytes);
    } catch (error) {
      if (!(error instanceof GradcastError) || error.code !== "frame-side") throw error;
    }
  }
  const limits = { maxSide: MAX_PICTURE_SIDE_PX, maxPixels: MAX_HTTP_PIXELS };
  const { picture } = await reader.read({ bytes, input: engine.model, limits }, signal);
  return await engine.admit(frame, "rgb", picture.rgb, picture);
}

/** Whether it is the picture that is at fault, and not the engine. */
function isOfPicture({ code }: GradcastError): boolean {
  return code === "frame-format" || code === "frame-corrupt" || code === "frame-side" ||
    code === "frame-bytes";
}
