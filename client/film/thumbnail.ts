/** Longest side of a thumbnail, in pixels, and its JPEG quality, 0…1. */
const LONGEST_PX = 320;
const QUALITY = 0.85;

/** Makes a small JPEG of what is on a canvas; null where the browser encodes none. */
export function thumbnailOf(picture: HTMLCanvasElement): Promise<Blob | null> {
  const by = Math.min(1, LONGEST_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * by);
  canvas.height = Math.round(picture.height * by);
  canvas.getContext("2d", { alpha: false })?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}
