export { CLOCK_SAVED_EVERY_MS } from "./age_clock.ts";
export type {
  ClipBounds,
  ClipPart,
  ClipStore,
  NewUpload,
  StoredClip,
  TrashedClip,
  UploadKey,
} from "./clip_store.ts";
export { type DatabaseOptions, openDatabase } from "./database.ts";
export * from "./log_store.ts";
export { type LogShare, OWN_WRITER } from "./log_room.ts";
export { openLogStore } from "./log_worker.ts";
export { openClipStore } from "./open_clips.ts";
export { type DataFolder, openDataFolder } from "./data_folder.ts";
export { type AnnouncedFile, type ModelShelf, openModelShelf, type ShelvedModel } from "./model_shelf.ts";
export { shelved } from "./_model_files.ts";
export { isModelId } from "./_model_paths.ts";
export { type Reopening, reopening, type ReopeningParts } from "./reopening.ts";
export { type ReopeningClips, reopeningClips } from "./reopening_clips.ts";
export { type ReopeningLog, reopeningLog, type ReopeningLogParts } from "./reopening_log.ts";
export { openTaughtStore } from "./folder_taught.ts";
export { reopeningTaught } from "./reopening_taught.ts";
export {
  type CollectionChange,
  type KeptFeatures,
  type KeptHead,
  type KeptPicture,
  type NewPicture,
  TAUGHT_FORMATS,
  type TaughtFormat,
  type TaughtStore,
} from "./taught_store.ts";
