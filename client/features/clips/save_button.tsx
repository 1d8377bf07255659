import { Braces, Download } from "lucide-preact";
import { clipFileName } from "../../../shared/clips.ts";
import { saveFile } from "../../ui/save_file.ts";
import { storedAddress } from "./api.ts";
import type { ClipEntry } from "./entries.ts";
import type { ClipsModel } from "./model.ts";

/** Saves the video, or what was seen frame by frame, as a file of the clip's name. */
export function SaveButton({ model, entry: { name, type, local, stored }, part }: {
  readonly model: Pick<ClipsModel, "media" | "sidecar">;
  readonly entry: ClipEntry;
  readonly part: "media" | "sidecar";
}) {
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
