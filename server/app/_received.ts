/** A picture that was sent, and the place that it has from then on. */
import { readBody, type SentPicture } from "./_body.ts";
import type { Guest } from "./guest.ts";
import type { Hub } from "./hub.ts";

/** A guest of the hub and its picture. */
export interface Received {
  readonly guest: Guest;
  readonly sent: SentPicture;
}

/**
 * Reads the picture of a request, then takes a place for it: a body that comes slowly holds nobody up (N5). The place ends
 * with `signal`, and with the guest.
 *
 * @throws GradcastError as `readBody` does, or `busy`
 */
export async function receivePicture(hub: Hub, request: Request, signal: AbortSignal): Promise<Received> {
  // Who would be refused afterwards is spared the sending.
  hub.expectPlace();
  using held = new DisposableStack();
  const lease = held.use(hub.bodies.open());
  const sent = await readBody(request, lease);
  const guest = hub.guest(signal, () => lease[Symbol.dispose]());
  held.move();
  return { guest, sent };
}
