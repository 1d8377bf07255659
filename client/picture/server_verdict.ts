/** Asks the server whether it reads a photo: browsers draw the upper half of one whose data is cut, and say nothing. */
import { MAX_PICTURE_BYTES } from "../../shared/limits.ts";
import { checked, Refusal } from "../http/http.ts";

/** How long a photo waits for the answer, in ms; a later one is not waited for. */
const PATIENCE_MS = 1_500;

/** True where the server takes a photo for damaged (A13); false also where it does not answer in time. */
export async function isDamaged(photo: Blob): Promise<boolean> {
  if (photo.size > MAX_PICTURE_BYTES) return false;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await checked(await fetch("/api/picture", { method: "POST", body: photo, signal }));
    await answer.body?.cancel();
    return false;
  } catch (error) {
    return error instanceof Refusal && error.code === "frame-corrupt";
  }
}
