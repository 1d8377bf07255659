/** Videos and films through ffmpeg: what the command line uses. */
export { decodeVideo, type VideoFrame } from "./decoder.ts";
export { filmSides } from "./film_sides.ts";
export type { FilmTexts, FilmWords } from "./film_texts.ts";
export { addTexts, FilmWriter, isCopied } from "./film_writer.ts";
export { probeVideo, type VideoFacts } from "./probe.ts";
export { type Ffmpeg, findFfmpeg } from "./version.ts";
export { VideoError } from "./video_error.ts";
