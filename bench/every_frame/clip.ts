/** The video that is explained: a photo that moves, with each frame's number in the band at the right, and a tone. */
import { ffmpeg } from "../../tests/support/videos.ts";

export const WIDTH = 1_280;
export const HEIGHT = 720;
export const RATE = 30;

const PHOTO = "client/public/samples/coffee.jpg";

/** Bits of a number, one block below the other. */
const BITS = 8;

/** Where the numbers stand, in pixels: beside what the network sees, and clear of what films write. */
const NUMBER = { left: 1_040, top: 180, width: 200, height: 360 } as const;

/** Between black and white where a film dims what lies around the square. */
const DIM_GREY = 54;

/** Makes a video; returns its path. */
export async function makeClip(path: string, seconds: number): Promise<string> {
  const { left, top, width, height } = NUMBER;
  const pan = `scale=${
    WIDTH + 320
  }:-1,crop=${WIDTH}:${HEIGHT}:x='160+120*sin(2*t)':y='(ih-${HEIGHT})/2+60*cos(3*t)'`;
  const number = `format=gray,geq=lum='if(mod(floor(N/pow(2\\,floor(Y*${BITS}/H)))\\,2)\\,235\\,16)'`;
  const over = `[photo][number]overlay=${left}:${top},format=yuv420p`;
  await ffmpeg("ffmpeg", [
    ...["-y", "-loop", "1", "-framerate", `${RATE}`, "-t", `${seconds}`, "-i", PHOTO],
    ...["-f", "lavfi", "-i", `color=black:s=${width}x${height}:r=${RATE}:d=${seconds}`],
    ...["-f", "lavfi", "-i", `sine=d=${seconds}`],
    ...["-filter_complex", `[0]${pan}[photo];[1]${number}[number];${over}`],
    ...["-frames:v", `${seconds * RATE}`, "-c:v", "libx264", "-c:a", "aac", path],
  ]);
  return path;
}

/** Frames of a film, and how many of them are the video's own at their own place. */
export async function countInOrder(
  film: string,
): Promise<{ readonly all: number; readonly inOrder: number }> {
  const { left, top, width, height } = NUMBER;
  // A column in the middle of the blocks, one pixel for each.
  const filter = `crop=8:${height}:${left + width / 2}:${top},scale=1:${BITS}:flags=area,format=gray`;
  const grey = await ffmpeg("ffmpeg", [
    ...["-i", film, "-map", "0:v:0", "-fps_mode", "passthrough", "-vf", filter, "-f", "rawvideo", "-"],
  ]);
  const all = grey.length / BITS;
  const numbers = Array.from({ length: all }, (_, frame) => {
    const bits = grey.subarray(frame * BITS, (frame + 1) * BITS);
    return bits.reduce((number, value, bit) => value > DIM_GREY ? number | 1 << bit : number, 0);
  });
  return { all, inOrder: numbers.filter((number, frame) => number === frame % 2 ** BITS).length };
}
