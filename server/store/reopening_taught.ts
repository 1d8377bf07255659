/** Collections of a data folder that may be in use, full or gone: every call says so, and works again when it can. */
import type { GradcastError } from "../../shared/errors.ts";
import type { DataFolder } from "./data_folder.ts";
import { openTaughtStore } from "./folder_taught.ts";
import { reopening } from "./reopening.ts";
import type { TaughtStore } from "./taught_store.ts";

/** Makes a store that is opened when it is first used. */
export function reopeningTaught(
  folder: DataFolder,
  onFailure: (failure: GradcastError | null) => void,
  onNote: (text: string) => void,
): TaughtStore {
  const { use, close } = reopening<TaughtStore>({
    name: "collections",
    folder,
    open: () => openTaughtStore(folder.path, onNote),
    onFailure,
  });
  return {
    list: () => use((store) => store.list()),
    pictures: (collection) => use((store) => store.pictures(collection)),
    features: (collection) => use((store) => store.features(collection)),
    usage: () => use((store) => store.usage()),
    head: (collection) => use((store) => store.head(collection)),
    keepHead: (collection, head) => use((store) => store.keepHead(collection, head)),
    change: (collection, change, files) => use((store) => store.change(collection, change, files)),
    read: (collection, picture) => use((store) => store.read(collection, picture)),
    remove: (collection) => use((store) => store.remove(collection)),
    close,
  };
}
