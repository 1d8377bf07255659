/** The clips of a data folder that may be in use, full or gone: every call says so, and works again when it can. */
import type { ClipBounds, ClipStore } from "./clip_store.ts";
import type { DataFolder } from "./data_folder.ts";
import { openClipStore } from "./open_clips.ts";
import { type Reopening, reopening, type ReopeningParts } from "./reopening.ts";

/** Clips, and how they are. */
export interface ReopeningClips extends ClipStore {
  failure: Reopening<ClipStore>["failure"];
}

/** Makes a store that is opened when it is first used. */
export function reopeningClips(
  folder: DataFolder,
  bounds: ClipBounds,
  onFailure: ReopeningParts<ClipStore>["onFailure"],
  onNote: (text: string) => void,
): ReopeningClips {
  const open = () => openClipStore(folder.path, bounds, onNote);
  const { use, failure, close } = reopening({ name: "clips", folder, open, onFailure });
  return {
    create: (upload) => use((store) => store.create(upload)),
    offset: (key) => use((store) => store.offset(key)),
    append: (key, offset, bytes) => use((store) => store.append(key, offset, bytes)),
    complete: (key) => use((store) => store.complete(key)),
    abandon: (key) => use((store) => store.abandon(key)),
    list: (search) => use((store) => store.list(search)),
    get: (id) => use((store) => store.get(id)),
    thumbnail: (id) => use((store) => store.thumbnail(id)),
    read: (id, part, from, length) => use((store) => store.read(id, part, from, length)),
    change: (id, change) => use((store) => store.change(id, change)),
    remove: (id) => use((store) => store.remove(id)),
    restore: (id) => use((store) => store.restore(id)),
    trash: () => use((store) => store.trash()),
    emptyTrash: () => use((store) => store.emptyTrash()),
    sweep: () => use((store) => store.sweep()),
    failure,
    close,
  };
}
