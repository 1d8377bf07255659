/** The last minutes as the channels saw them: which moments raised a channel most. Pure. */
import { boxOfCell, type CropBox } from "./crop_box.ts";
import type { DrawnNetwork, DrawnStage } from "../../../shared/network.ts";

/** How long a moment is kept, in ms, and how far apart moments are at least. */
const KEPT_MS = 180_000;
const APART_MS = 1_500;

/** Bytes that all moments take at most: about 130 pictures of 224 pixels a side. */
const MOST_BYTES = 12_000_000;

/** Crops of a channel, and how far apart in time they are at least, in ms: one thing held still is not six. */
const CROPS = 6;
const CROPS_APART_MS = 3_000;

/** What every channel made of one picture. */
export interface Moment {
  /** Unique in the life of the page. */
  readonly id: number;
  /** When it was, in ms of the page's clock. */
  readonly atMs: number;
  readonly picture: Blob;
  readonly stages: readonly (Pick<DrawnStage, "layer" | "height" | "width" | "extent"> & {
    /** `[channels]` */
    readonly peaks: Float32Array;
    readonly cells: Uint32Array;
  })[];
}

/** A part of a picture that raised a channel. */
export interface Liked {
  readonly moment: Pick<Moment, "id" | "atMs" | "picture">;
  /** The largest activation there. */
  readonly peak: number;
  readonly box: CropBox;
}

/** Adds a moment, unless one was added just before; the oldest make room. */
export function withMoment(
  moments: readonly Moment[],
  answer: DrawnNetwork,
  { picture, atMs }: Pick<Moment, "picture" | "atMs">,
): readonly Moment[] {
  const last = moments.at(-1);
  if (last !== undefined && atMs - last.atMs < APART_MS) return moments;
  const stages = answer.head.stages.map(({ layer, height, width, ...stage }, at) => ({
    ...{ layer, height, width },
    ...(stage.extent === undefined ? {} : { extent: stage.extent }),
    peaks: answer.numbers[at]?.peaks ?? new Float32Array(),
    cells: answer.numbers[at]?.cells ?? new Uint32Array(),
  }));
  const kept = [...moments.filter((moment) => atMs - moment.atMs <= KEPT_MS), {
    id: (last?.id ?? 0) + 1,
    atMs,
    picture,
    stages,
  }];
  let bytes = kept.reduce((sum, moment) => sum + bytesOf(moment), 0);
  while (bytes > MOST_BYTES && kept.length > 1) bytes -= bytesOf(kept.shift() as Moment);
  return kept;
}

/** The moments that raised a channel most, the strongest first. */
export function likedBy(moments: readonly Moment[], layer: string, channel: number): readonly Liked[] {
  const found = moments.flatMap((moment): Liked[] => {
    const stage = moment.stages.find((one) => one.layer === layer);
    const [peak, cell] = [stage?.peaks[channel], stage?.cells[channel]];
    if (stage === undefined || peak === undefined || cell === undefined) return [];
    return [{ moment, peak, box: boxOfCell(stage, cell) }];
  }).sort((a, b) => b.peak - a.peak || b.moment.atMs - a.moment.atMs);
  const chosen: Liked[] = [];
  for (const liked of found) {
    const isNear = chosen.some(({ moment }) => Math.abs(moment.atMs - liked.moment.atMs) < CROPS_APART_MS);
    if (!isNear) chosen.push(liked);
    if (chosen.length === CROPS) break;
  }
  return chosen;
}

function bytesOf({ picture, stages }: Moment): number {
  return picture.size +
    stages.reduce((sum, { peaks, cells }) => sum + peaks.byteLength + cells.byteLength, 0);
}
