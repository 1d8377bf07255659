import type { Page } from "../../app/page.ts";
import { reachableOrigin, showLink } from "./links.ts";
import { QrCode } from "./qr_code.tsx";

/** The watch code on the stage, large enough for a hall. */
export function CodeCard({ page }: { readonly page: Page }) {
  const shared = page.show.shared.value;
  if (shared === null || shared.watch === null) return null;
  const origin = reachableOrigin(location.origin, shared.addresses);
  if (origin === null) {
    return (
      <div class="code-card">
        <p>Only this computer reaches the server: start it with --host 0.0.0.0 to let phones watch.</p>
      </div>
    );
  }
  const link = showLink(origin, "watch", shared.watch);
  return (
    <div class="code-card" data-testid="code-card">
      <QrCode text={link} label="QR code: watch on your phone" />
      <p>Watch on your phone</p>
    </div>
  );
}
