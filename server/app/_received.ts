/** A picture that was sent, and the place that it has from then on. */
import { readBody, type SentPicture } from "./_body.ts";
import type { Guest } from "./guest.ts";
import type { Hub } from "./hub.ts";
import type { Whose } from "../session/mod.ts";

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
export async function receivePicture(
  hub: Hub,
  whose: Whose,
  request: Request,
  signal = request.signal,
): Promise<Received> {
  // Who would be refused afterwards is spared the sending.
  hub.expectPlace(whose);
  using held = new DisposableStack();
  const lease = held.use(hub.bodies.open(whose));
  const sent = await readBody(request, lease);
  const guest = hub.guest(whose, signal, () => lease[Symbol.dispose]());
  held.move();
  return { guest, sent };
}
