/** Cuts a part out of a finished film. */
import { ALL_FORMATS, BlobSource, Conversion, Input, Output } from "mediabunny";
import { formatOf, targetOf } from "./_container.ts";
import { openSegments } from "./segment_store.ts";
import { SegmentedFile } from "./segmented_file.ts";

/** A part of a film, and how to remove what it lies in. */
export interface Cut {
  readonly media: Blob;
  readonly remove: () => Promise<void>;
}

/**
 * Cuts a film to a part of it, in s. Pictures before the next one that stands for itself are encoded anew.
 *
 * @param onShare told how much of it is done, 0…1
 * @throws Error where it cannot be cut
 */
export async function cutFilm(
  film: Blob,
  from: number,
  to: number,
  onShare: (share: number) => void,
): Promise<Cut> {
  const input = new Input({ source: new BlobSource(film), formats: ALL_FORMATS });
  const type = film.type.startsWith("video/webm") ? "video/webm" : "video/mp4";
  const file = new SegmentedFile(await openSegments(), () => {});
  const output = new Output({ format: formatOf(type), target: targetOf(file, () => {}) });
  const conversion = await Conversion.init({ input, output, trim: { start: from, end: to } });
  if (!conversion.isValid) throw new Error("Cannot cut the film as this browser cannot write it anew");
  conversion.onProgress = onShare;
  await conversion.execute();
  input.dispose();
  return { media: file.finish(type), remove: () => file.remove() };
}
