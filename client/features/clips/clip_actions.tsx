import type { Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Braces, Download, Pencil, Pin, Trash2, Upload } from "lucide-preact";
import { clipFileName } from "../../../shared/clips.ts";
import { saveFile } from "../../ui/save_file.ts";
import { storedAddress } from "./api.ts";
import type { ClipsModel } from "./model.ts";
import type { Entry } from "./entries.ts";

/** What can be done with a clip. */
interface Acting {
  readonly model: ClipsModel;
  readonly entry: Entry;
}

/** The buttons below a clip. */
export function ClipActions(
  { model, entry, renaming }: Acting & { readonly renaming: Signal<boolean> },
) {
  const { name, pinned, local, stored, sidecarBytes } = entry;
  const uploads = local !== null && stored === null && !model.uploads.value.has(local.id) &&
    (local.upload === null || local.upload.done);
  const pencil = useRef<HTMLButtonElement>(null);
  const renamed = useRef(false);
  const open = renaming.value;
  useEffect(() => {
    // The field is gone: whoever typed in it goes on from where it was opened.
    if (renamed.current && !open) pencil.current?.focus();
    renamed.current = open;
  }, [open]);
  return (
    <div class="clip-actions" role="group" aria-label={`Actions for ${name}`}>
      {uploads && (
        <button
          type="button"
          class="button"
          data-testid="clip-upload-start"
          aria-label={`Upload ${name} to the server`}
          onClick={() => model.upload(local)}
        >
          <Upload aria-hidden="true" /> <span>Upload</span>
        </button>
      )}
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
      <SaveButton model={model} entry={entry} part="media" />
      {sidecarBytes > 0 && <SaveButton model={model} entry={entry} part="sidecar" />}
      <button
        type="button"
        class="icon-button"
        title="Delete"
        aria-label={`Delete ${name}`}
        data-testid="clip-remove"
        onClick={() => {
          // The button goes with its clip: whoever pressed it reads on from the heading.
          document.getElementById("drawer-title")?.focus();
          model.remove(entry);
        }}
      >
        <Trash2 aria-hidden="true" />
      </button>
    </div>
  );
}

/** Saves the video, or what was seen frame by frame, as a file of the clip's name. */
function SaveButton(
  { model, entry: { name, type, local, stored }, part }: Acting & { readonly part: "media" | "sidecar" },
) {
  const words = part === "media" ? "Save the video" : "Save what was seen frame by frame (JSON)";
  const common = {
    class: "icon-button",
    title: words,
    "aria-label": `${words}: ${name}`,
    "data-testid": `clip-save-${part}`,
  };
  const icon = part === "media" ? <Download aria-hidden="true" /> : <Braces aria-hidden="true" />;
  if (local === null) {
    return stored === null
      ? null
      : <a {...common} href={storedAddress(stored.id, part, true)} download>{icon}</a>;
  }
  const save = async () => {
    const file = part === "media" ? await model.media(local) : await model.sidecar(local);
    if (file !== undefined) saveFile(file, clipFileName(name, part === "media" ? type : "application/json"));
  };
  return <button type="button" {...common} onClick={() => void save()}>{icon}</button>;
}
