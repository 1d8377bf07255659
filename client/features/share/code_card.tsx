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
  if (origin === null) {
    // The audience reads this stage; how the server has to be started, the presenter reads in the panel "Share".
    return (
      <div class="code-card">
        <p>Phones cannot reach this server: there is no code to scan.</p>
      </div>
    );
  }
  return (
    <div class="code-card" data-testid="code-card">
      <QrCode text={showLink(origin, "watch", watch)} label="QR code: watch on your phone" />
      <p>Watch on your phone</p>
    </div>
  );
}
