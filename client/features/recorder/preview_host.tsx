import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import type { Page } from "../../app/page.ts";
import type { Preview } from "./recorder_state.ts";

type Dialog = ComponentType<{ readonly page: Page; readonly preview: Preview }>;

/** Opens the preview of a recording; its code is loaded with the first recording. */
export function PreviewHost({ page }: { readonly page: Page }) {
  const state = page.recorder.state.value;
  const dialog = useSignal<{ readonly Dialog: Dialog } | null>(null);
  // Loaded while the recording runs: the server may be gone when it ends.
  const wanted = state.kind !== "rest";
  useEffect(() => {
    if (!wanted || dialog.peek() !== null) return;
    import("./preview_dialog.tsx").then(
      ({ PreviewDialog }) => dialog.value = { Dialog: PreviewDialog },
      () =>
        page.toasts.say("The preview could not be loaded. Check that the server runs, then reload the page."),
    );
  }, [wanted]);
  if (state.kind !== "preview" || dialog.value === null) return null;
  const { Dialog } = dialog.value;
  return <Dialog page={page} preview={state} />;
}
