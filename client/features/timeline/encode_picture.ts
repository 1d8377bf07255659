/** Makes JPEGs of frames in a worker, away from the page's thread. */
import { RGB } from "../../../shared/luminance.ts";
import type { PictureAnswer, PictureRequest } from "./picture_messages.ts";

/** At 224 × 224 pixels some 20 kB; the network says nearly the same of it as of the picture without loss. */
const QUALITY = 0.95;

/** Answers requests with JPEGs, one after the other. */
export function answerRequests(scope: Pick<Window, "addEventListener" | "postMessage">): void {
  const canvas = new OffscreenCanvas(1, 1);
  let busy: Promise<void> = Promise.resolve();
  scope.addEventListener("message", ({ data }: MessageEvent<PictureRequest>) => {
    busy = busy.then(async () => {
      const answer: PictureAnswer = { id: data.id, picture: await encode(canvas, data).catch(() => null) };
      scope.postMessage(answer);
    });
  });
}

async function encode(canvas: OffscreenCanvas, request: PictureRequest): Promise<Blob | null> {
  const { width, height, format, bytes } = request;
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) return null;
  if (format === "rgb") context.putImageData(withAlpha(request), 0, 0);
  else {
    const bitmap = await createImageBitmap(new Blob([bytes], { type: `image/${format}` }));
    context.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
  }
  return await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
}

function withAlpha({ bytes, width, height }: PictureRequest): ImageData {
  const image = new ImageData(width, height);
  const { data } = image;
  for (let from = 0, to = 0; to < data.length; from += RGB, to += 4) {
    data[to] = bytes[from] ?? 0;
    data[to + 1] = bytes[from + 1] ?? 0;
    data[to + 2] = bytes[from + 2] ?? 0;
    data[to + 3] = 255;
  }
  return image;
}
