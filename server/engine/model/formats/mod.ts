/** The formats that are read, and how a model's format is found. */
export { type FormatId } from "./look.ts";
export { READERS } from "./readers.ts";
export { recognise, type Recognised, sniff } from "./recognise.ts";
