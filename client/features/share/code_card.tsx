import type { ReadonlySignal } from "@preact/signals";
import { reachableOrigin, showLink } from "./links.ts";
import type { Shared } from "./model.ts";
import { QrCode } from "./qr_code.tsx";

/** Properties of the card. */
export interface CodeCardProps {
  readonly shared: ReadonlySignal<Shared | null>;
}

/** The watch code on the stage, large enough for a hall. */
export function CodeCard({ shared }: CodeCardProps) {
  const { watch = null, addresses = [] } = shared.value ?? {};
  if (watch === null) return null;
  const origin = reachableOrigin(location.origin, addresses);
  // The audience reads this stage: that no phone reaches the server, the presenter reads in the panel "Share".
  if (origin === null) return null;
  return (
    <div class="code-card" data-testid="code-card">
      <QrCode text={showLink(origin, "watch", watch)} label="QR code: watch on your phone" />
      <p>Watch on your phone</p>
    </div>
  );
}
