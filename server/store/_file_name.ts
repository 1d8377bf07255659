/** Names of clips' files, and what is said of one that is not what it was. */
import { GradcastError } from "../../shared/errors.ts";
import type { ClipPart } from "./clip_store.ts";

/** Name of a clip's file; ids are the store's own, never a client's. */
export function fileName(id: string, part: ClipPart): string {
  return `${id}.${part}`;
}

/** A file has fewer bytes than were written into it. */
export function cutShort(name: string, expected: number, bytes: number): GradcastError {
  return new GradcastError(
    "data-gone",
    `Cannot write on at byte ${expected} of ${name}: the file has ${bytes} bytes; it was deleted or cut meanwhile`,
  );
}
