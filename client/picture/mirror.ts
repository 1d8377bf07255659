/** Whether a camera is shown as a mirror: on for one that faces whoever looks at it, unless they chose otherwise. Pure. */
import { MAX_MIRROR_CHOICES } from "../../shared/limits.ts";

/** What is known of a camera. */
export interface CameraFace {
  readonly deviceId: string;
  readonly label: string;
  /** `facingMode` of its track, or null where the browser does not say; phones do, computers hardly ever. */
  readonly facing: string | null;
}

/** What was chosen, by camera; the newest last. */
export type MirrorChoices = readonly [camera: string, on: boolean][];

/** Words in the names of cameras that look away from people, or are none. */
const AWAY = /\b(back|rear|environment|world|document|virtual|capture|screen|hdmi|obs)\b/i;

/** Returns the choice for a camera, or what fits it. */
export function isMirrored(choices: MirrorChoices, camera: CameraFace): boolean {
  const chosen = choices.find(([name]) => name === nameOf(camera));
  return chosen?.[1] ?? facesPeople(camera);
}

/** Remembers a choice. */
export function chooseMirror(choices: MirrorChoices, camera: CameraFace, on: boolean): [string, boolean][] {
  const name = nameOf(camera);
  const others = choices.filter(([other]) => other !== name);
  return [...others, [name, on] satisfies [string, boolean]].slice(-MAX_MIRROR_CHOICES);
}

function facesPeople({ facing, label }: CameraFace): boolean {
  return facing === null ? !AWAY.test(label) : facing === "user";
}

/** Browsers may leave the id out; names stay the same for longer. */
function nameOf({ deviceId, label }: CameraFace): string {
  return deviceId === "" ? label : deviceId;
}
