import { useSignal, useSignalEffect } from "@preact/signals";

/** Words for screen readers change at most this often, in ms. */
const STEP_MS = 2_000;

/** Has screen readers read words aloud; `words` is asked every two seconds, and only a change is read. */
export function LiveRegion({ words }: { readonly words: () => string }) {
  const shown = useSignal("");
  useSignalEffect(() => {
    const timer = setInterval(() => shown.value = words(), STEP_MS);
    return () => clearInterval(timer);
  });
  return <div class="visually-hidden" role="status" aria-live="polite">{shown.value}</div>;
}
