export { CSV_HEAD } from "./_log_lines.ts";
export * from "./app.ts";
export * from "./hub.ts";
export * from "./loop_delay.ts";
export * from "./origin.ts";
export { Uploads, type UploadsParts } from "./_uploads.ts";
