/** A picture that was sent, and the place that it has from then on. */
import { readBody, type SentPicture } from "./_body.ts";
import type { Guest } from "./guest.ts";
import type { Hub } from "./hub.ts";
import type { RequestedModel } from "./models.ts";
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
 * The model ends with the guest, and where there is none.
 *
 * @throws GradcastError as `readBody` does, or `busy`
 */
export async function receivePicture(
  hub: Hub,
  { model, whose }: { readonly model: RequestedModel; readonly whose: Whose },
  request: Request,
  signal = request.signal,
): Promise<Received> {
  using held = new DisposableStack();
  held.use(model);
  // Who would be refused afterwards is spared the sending.
  hub.expectPlace(whose);
  const lease = held.use(hub.bodies.open(whose));
  const sent = await readBody(request, lease);
  const guest = hub.guest(model, whose, signal, () => lease[Symbol.dispose]());
  held.move();
  return { guest, sent };
}
