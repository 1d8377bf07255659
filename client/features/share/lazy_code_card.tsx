import { Lazy } from "../../ui/lazy.tsx";
import type { Toasts } from "../../ui/toasts.ts";
import type { Share } from "./model.ts";

/** Properties of the card. */
export interface LazyCodeCardProps {
  readonly share: Pick<Share, "on" | "shared">;
  readonly say: Toasts["say"];
}

/** The watch code on the stage while others can watch; its code is loaded when it is first shown. */
export function LazyCodeCard({ share: { on, shared }, say }: LazyCodeCardProps) {
  if (!on.value) return null;
  return (
    <Lazy
      load={async () => (await import("./code_card.tsx")).CodeCard}
      props={{ shared }}
      onFail={() => say("The code could not be loaded. Check that the server runs.")}
    />
  );
}
