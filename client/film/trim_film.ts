/** Trims finished films. */
import { ALL_FORMATS, BlobSource, Conversion, Input, Output } from "mediabunny";
import { formatOf, targetOf } from "./_container.ts";
import { openSegments } from "./segment_store.ts";
import { SegmentedFile } from "./segmented_file.ts";

/** A trimmed film, and how to remove the files that it lies in. */
export interface TrimmedFilm {
  readonly media: Blob;
  readonly remove: () => Promise<void>;
}

/**
 * Trims a film to what lies between two times, in s. Pictures before the first key frame there are encoded again.
 *
 * @param onShare called with the share that is done, 0…1
 * @throws Error where the browser cannot encode it
 */
export async function trimFilm(
  film: Blob,
  from: number,
  to: number,
  onShare: (share: number) => void,
): Promise<TrimmedFilm> {
  const input = new Input({ source: new BlobSource(film), formats: ALL_FORMATS });
  const type = film.type.startsWith("video/webm") ? "video/webm" : "video/mp4";
  const file = new SegmentedFile(await openSegments(), () => {});
  const output = new Output({ format: formatOf(type), target: targetOf(file, () => {}) });
  const conversion = await Conversion.init({ input, output, trim: { start: from, end: to } });
  if (!conversion.isValid) throw new Error("Cannot trim the film: this browser cannot encode it again");
  conversion.onProgress = onShare;
  await conversion.execute();
  input.dispose();
  return { media: file.finish(type), remove: () => file.remove() };
}
