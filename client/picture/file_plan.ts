/** What to do with a file that somebody opens, by what its first bytes say it is. Pure. */
import { fileKind, type PictureFormat, READABLE } from "../../shared/file_kind.ts";

/** How a file is opened, or why it is not, in words for people. */
export type FilePlan =
  | { readonly kind: "photo"; readonly format: PictureFormat }
  | { readonly kind: "video" }
  | { readonly kind: "refused"; readonly words: string };

/**
 * Plans how to open a file. Its bytes decide: browsers guess the type from the name, and often not at all.
 *
 * @param head the first `HEAD_BYTES` of the file
 */
export function planFile(head: Uint8Array, { name, type }: { name: string; type: string }): FilePlan {
  const found = fileKind(head);
  switch (found.kind) {
    case "picture":
      return { kind: "photo", format: found.format };
    case "video":
      return found;
    case "foreign":
      return refused(`“${name}” is ${found.name}, which cannot be opened here. ${found.advice}`);
    case "unknown":
      // There are more kinds of video than are known here; whether the browser plays it is seen when it is tried.
      return type.startsWith("video/")
        ? { kind: "video" }
        : refused(`“${name}” is not a photo or a video that can be opened. Choose a ${READABLE} file.`);
    default: {
      const _never: never = found;
      return _never;
    }
  }
}

function refused(words: string): FilePlan {
  return { kind: "refused", words };
}
