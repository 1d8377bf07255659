/** Gets photos ready for the stage: the built-in ones from the server, others from files. */
import type { PictureFormat } from "../../shared/file_kind.ts";
import { isAnimated } from "./animated.ts";
import { sampleUrl } from "./samples.ts";
import { isDamaged } from "./server_verdict.ts";

/**
 * Loads a built-in photo.
 *
 * @throws Error where the server does not send it, or the browser does not decode it
 */
export async function loadSample(id: string): Promise<ImageBitmap> {
  const response = await fetch(sampleUrl(id));
  if (!response.ok) throw new Error(`Cannot load the sample ${id}: the server answered ${response.status}`);
  return await createImageBitmap(await response.blob());
}

/** A photo that was read from a file. */
export interface ReadPhoto {
  readonly bitmap: ImageBitmap;
  /** Whether the file is an animation; the bitmap is its first picture. */
  readonly animated: boolean;
}

/**
 * Reads a photo.
 *
 * @throws Error where the browser does not decode it, or the server finds it damaged
 */
export async function readPhoto(file: Blob, format: PictureFormat): Promise<ReadPhoto> {
  // Some browsers decode by the type, which may be missing or wrong.
  const photo = file.slice(0, file.size, `image/${format}`);
  const [bitmap, damaged] = await Promise.all([createImageBitmap(photo), isDamaged(photo)]);
  if (damaged) {
    bitmap.close();
    throw new Error("Cannot show the photo: the server finds it damaged");
  }
  return { bitmap, animated: isAnimated(new Uint8Array(await photo.arrayBuffer())) };
}
