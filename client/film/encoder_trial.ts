/** Measures how fast this browser encodes pictures of a size. */
import { CanvasSource, NullTarget, Output } from "mediabunny";
import type { Size } from "../picture/placement.ts";
import { encodableCodecs, videoSettings } from "./_codecs.ts";
import { formatOf } from "./_container.ts";
import { inTime } from "./_in_time.ts";
import { filmCanvas } from "./film.ts";

/** Pictures that are encoded to see how long one takes; the first packets say nothing, as encoders begin slowly. */
const TRIAL_PICTURES = 12;
const TRIAL_FIRST = 3;

/** How long the trial may take, in ms: well within the countdown; an encoder that is slower is too slow for any size. */
const TRIAL_MS = 2_000;

/** Side of a cell of the trial's pictures, in pixels. */
const TRIAL_CELL_PX = 40;

/**
 * Measures the time of one picture of a size in the encoder, in ms; null where this browser encodes none, or not within
 * `TRIAL_MS`.
 */
export async function measureEncoder(size: Size): Promise<number | null> {
  const codecs = await encodableCodecs(size);
  if (codecs === null) return null;
  const context = filmCanvas(size.width, size.height);
  const output = new Output({ format: formatOf(codecs.type), target: new NullTarget() });
  const packets: number[] = [];
  const pictures = new CanvasSource(context.canvas, {
    ...videoSettings(codecs, size),
    onEncodedPacket: () => packets.push(performance.now()),
  });
  output.addVideoTrack(pictures);
  const trial = async () => {
    await output.start();
    for (let place = 0; place < TRIAL_PICTURES; place++) {
      drawTrial(context, place);
      await pictures.add(place / 30, 1 / 30);
    }
    await output.finalize();
  };
  if (!await inTime(trial(), TRIAL_MS)) {
    output.cancel().catch(() => {});
    return null;
  }
  const timed = packets.slice(TRIAL_FIRST);
  return ((timed.at(-1) ?? 0) - (timed[0] ?? 0)) / Math.max(1, timed.length - 1);
}

/** Draws something that moves and has detail: a picture that stands still costs an encoder nothing. */
function drawTrial(context: CanvasRenderingContext2D, place: number): void {
  const { width, height } = context.canvas;
  for (let y = 0; y < height; y += TRIAL_CELL_PX) {
    for (let x = 0; x < width; x += TRIAL_CELL_PX) {
      const hue = (x * 7 + y * 13 + place * 29) % 360;
      context.fillStyle = `hsl(${hue} 60% ${30 + hue % 40}%)`;
      context.fillRect(x, y, TRIAL_CELL_PX, TRIAL_CELL_PX);
    }
  }
}
