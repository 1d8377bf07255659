import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import type { ReplayStart } from "../../stage/replay_video.tsx";
import type { Toasts } from "../../ui/toasts.ts";
import type { PreviewDialogProps } from "./preview_dialog.tsx";
import type { Recorder } from "./recorder.ts";

/** Opens the preview of a recording; its code is loaded with the first recording. */
export function PreviewHost({ recorder, look, say }: {
  readonly recorder: Recorder;
  /** How the maps of a clip look now. */
  readonly look: () => ReplayStart;
  readonly say: Toasts["say"];
}) {
  const state = recorder.state.value;
  const dialog = useSignal<{ readonly Dialog: ComponentType<PreviewDialogProps> } | null>(null);
  // Loaded while the recording runs: the server may be gone when it ends.
  const wanted = state.kind !== "rest";
  useEffect(() => {
    if (!wanted || dialog.peek() !== null) return;
    import("./preview_dialog.tsx").then(
      ({ PreviewDialog }) => dialog.value = { Dialog: PreviewDialog },
      () => say("The preview could not be loaded. Check that the server runs, then reload the page."),
    );
  }, [wanted]);
  if (state.kind !== "preview" || dialog.value === null) return null;
  const { Dialog } = dialog.value;
  return <Dialog recorder={recorder} preview={state} look={look()} />;
}
