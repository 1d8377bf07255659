import type { ClipPart } from "./clip_store.ts";

/** Name of a clip's file; ids are the store's own, never a client's. */
export function fileName(id: string, part: ClipPart): string {
  return `${id}.${part}`;
}
