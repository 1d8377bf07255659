/** Records what is seen, with its maps, as a video or a GIF. */
export { type RecorderActions, recorderActions } from "./actions.ts";
export { createGifMaker, type GifMaker } from "./gif_maker.ts";
export { createRecorder } from "./model.ts";
export type { FilmingPorts, KeepOutcome, RecorderPorts } from "./ports.ts";
export { PreviewHost } from "./preview_host.tsx";
export { RecordHud } from "./record_hud.tsx";
export { RecordMenu } from "./record_menu.tsx";
export type { Recorder } from "./recorder.ts";
