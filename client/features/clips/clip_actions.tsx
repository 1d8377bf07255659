import type { Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Pencil, Pin, Trash2, Upload } from "lucide-preact";
import type { ClipEntry } from "./entries.ts";
import type { ClipsModel } from "./model.ts";
import { SaveButton } from "./save_button.tsx";

/** Properties of the buttons. */
export interface ClipActionsProps {
  readonly model: Pick<ClipsModel, "upload" | "uploads" | "pin" | "remove" | "media" | "sidecar">;
  readonly entry: ClipEntry;
  /** Whether the field for another name is open. */
  readonly renaming: Signal<boolean>;
}

/** The buttons below a clip. */
export function ClipActions({ model, entry, renaming }: ClipActionsProps) {
  const { name, pinned, sidecarBytes } = entry;
  return (
    <div class="clip-actions" role="group" aria-label={`Actions for ${name}`}>
      <UploadButton model={model} entry={entry} />
      <button
        type="button"
        class="icon-button"
        title={pinned ? "Pinned: never deleted to make room" : "Pin: never delete it to make room"}
        aria-label={`Pin ${name}`}
        aria-pressed={pinned}
        data-testid="clip-pin"
        onClick={() => model.pin(entry, !pinned)}
      >
        <Pin aria-hidden="true" />
      </button>
      <RenameButton name={name} renaming={renaming} />
      <SaveButton model={model} entry={entry} part="media" />
      {sidecarBytes > 0 && <SaveButton model={model} entry={entry} part="sidecar" />}
      <button
        type="button"
        class="icon-button"
        title="Delete"
        aria-label={`Delete ${name}`}
        data-testid="clip-remove"
        onClick={() => {
          // The button goes with its clip: the focus moves to the heading.
          document.getElementById("drawer-title")?.focus();
          void model.remove(entry);
        }}
      >
        <Trash2 aria-hidden="true" />
      </button>
    </div>
  );
}

/** Begins an upload; nothing where the clip is on the server or on its way there. */
function UploadButton(
  { model, entry: { name, local, stored } }: Pick<ClipActionsProps, "model" | "entry">,
) {
  if (local === null || stored !== null || model.uploads.value.has(local.id)) return null;
  if (local.upload !== null && !local.upload.done) return null;
  return (
    <button
      type="button"
      class="button"
      data-testid="clip-upload-start"
      aria-label={`Upload ${name} to the server`}
      onClick={() => model.upload(local)}
    >
      <Upload aria-hidden="true" /> <span>Upload</span>
    </button>
  );
}

function RenameButton({ name, renaming }: { readonly name: string } & Pick<ClipActionsProps, "renaming">) {
  const pencil = useRef<HTMLButtonElement>(null);
  const renamed = useRef(false);
  const open = renaming.value;
  useEffect(() => {
    // The field is gone: the focus returns to the button that opened it.
    if (renamed.current && !open) pencil.current?.focus();
    renamed.current = open;
  }, [open]);
  return (
    <button
      type="button"
      class="icon-button"
      ref={pencil}
      title="Rename"
      aria-label={`Rename ${name}`}
      aria-expanded={open}
      data-testid="clip-rename"
      onClick={() => renaming.value = !renaming.value}
    >
      <Pencil aria-hidden="true" />
    </button>
  );
}
