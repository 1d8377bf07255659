import { GradcastError } from "../../shared/errors.ts";

/** No clip has this id. */
export function unknownClip(id: string): GradcastError {
  return new GradcastError("unknown-clip", `Cannot find the clip: none has the id ${JSON.stringify(id)}`);
}
