/** What was probably meant by a name that does not exist. Pure. */
import { comparable, nearNames } from "./labels.ts";

/** Names in an error at most. */
const MAX_SUGGESTIONS = 3;

/**
 * Returns the names that come nearest to a text: those with the same letters, digits and plus signs alone where there
 * are any ("gradcam" is grad-cam, not cam), otherwise up to three that contain it or are a few edits away.
 */
export function nearestNames(names: readonly string[], text: string): string[] {
  const wanted = bare(text);
  const same = wanted === "" ? [] : names.filter((name) => bare(name) === wanted);
  return same.length > 0 ? same : nearNames(names, text, MAX_SUGGESTIONS);
}

/** Asks for the nearest names, to stand at the end of an error: `; did you mean grad-cam?`, or nothing. */
export function didYouMean(names: readonly string[], text: string): string {
  const near = nearestNames(names, text);
  return near.length === 0 ? "" : `; did you mean ${near.join(", ")}?`;
}

function bare(text: string): string {
  return comparable(text).replace(/[^\p{L}\p{N}+]/gu, "");
}
