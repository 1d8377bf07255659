/** The engine's door: what the server, the command line and the tests use. */
export {
  type CoveredDescription,
  describeModel,
  type Description,
  type UncoveredDescription,
} from "./describe.ts";
export { type EngineOptions, openEngine } from "./engine.ts";
export {
  cropSquare,
  type DecodeOptions,
  decodePicture,
  fitInput,
  type Picture,
  pictureFormat,
  pictureNote,
  PictureReader,
  type ReadPicture,
  resize,
  sniffFormat,
} from "./image/mod.ts";
export { CARD_FILE, cardBeside, parseCard } from "./model/card.ts";
export { PRESETS } from "./model/normalisation.ts";
export { normalise } from "./worker/input/frame.ts";
export * from "./port.ts";
export * from "./sketch.ts";
export { systemTicks, type Ticks, Watch } from "./worker/host/watch.ts";
