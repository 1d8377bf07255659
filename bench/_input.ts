/** The picture that both sides compute: noise from a fixed seed, as convolutions take the same time for any. */

/** Side of the shipped model's input, in pixels. */
export const INPUT_SIDE = 224;

const RGB = 3;
const cache = new Map<number, Float32Array>();

/** `[images, INPUT_SIDE, INPUT_SIDE, 3]` numbers in −1…1. */
export function noise(images: number): Float32Array {
  const known = cache.get(images);
  if (known !== undefined) return known;
  let seed = 1;
  const values = Float32Array.from({ length: images * INPUT_SIDE * INPUT_SIDE * RGB }, () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 31 - 1;
  });
  cache.set(images, values);
  return values;
}
