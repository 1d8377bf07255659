/** Which methods the trust meters can measure. */
import { GradcastError } from "../../../shared/errors.ts";
import type { Method } from "../method.ts";

/** True where a method's map says of positions of the picture how much they count. */
export function isMeasurable({ subject }: Pick<Method, "subject">): boolean {
  return subject !== "network";
}

/**
 * Refuses a method whose map is no map of the picture.
 *
 * @throws GradcastError `bad-option`
 */
export function checkMeasurable(method: Pick<Method, "id" | "subject">): void {
  if (isMeasurable(method)) return;
  throw new GradcastError(
    "bad-option",
    `Cannot measure how far the map can be trusted: it must be one of the picture, got that of ` +
      `${method.id}, which shows the network itself`,
  );
}
