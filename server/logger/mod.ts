export { errorText } from "./error_text.ts";
export * from "./logger.ts";
export { type RepeatClock, RepeatLimit } from "./repeats.ts";
export { toWireError, type WireContext, type WireError } from "./wire_error.ts";
