/** Teaching: collections of pictures, what is learned from them, and the models that come of it. */
export { cluesOf } from "./clues.ts";
export { exportedFiles } from "./export.ts";
export { importCollection, type ImportedFile, isCollection, withoutFolder } from "./import.ts";
export { writeZip } from "./zip_writer.ts";
export type { OpenCollection } from "./open_collection.ts";
export type { TaughtParts } from "./parts.ts";
export { headOf, whyOf } from "./why.ts";
export { Taught, type TaughtOptions } from "./taught.ts";
