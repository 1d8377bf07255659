/** A film by the browser's own recorder, for browsers that encode no single pictures: its times are the browser's. */
import { type Film, filmCanvas, type FilmOptions } from "./film.ts";

/** In the order of preference. */
const TYPES = ["video/mp4;codecs=avc1", "video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"];

/** How often the recorder hands over what it has, in ms: a crash loses no more. */
const SLICE_MS = 1_000;

/** Opens a film; null where the browser records none. */
export function openBrowserFilm({ width, height, sound, onGrow, onBreak }: FilmOptions): Film | null {
  if (!("MediaRecorder" in globalThis)) return null;
  const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
  if (type === undefined) return null;
  const context = filmCanvas(width, height);
  const stream = context.canvas.captureStream();
  if (sound !== null) stream.addTrack(sound);
  const recorder = new MediaRecorder(stream, { mimeType: type });
  const parts: Blob[] = [];
  const ended = Promise.withResolvers<void>();
  recorder.ondataavailable = ({ data }) => {
    parts.push(data);
    onGrow(parts.reduce((sum, { size }) => sum + size, 0));
  };
  recorder.onstop = () => ended.resolve();
  recorder.onerror = () => onBreak("encoder-failed");
  recorder.start(SLICE_MS);
  const stop = async () => {
    if (recorder.state !== "inactive") recorder.stop();
    await ended.promise;
    for (const track of stream.getVideoTracks()) track.stop();
  };
  return {
    means: "browser",
    context,
    add: () => Promise.resolve(),
    pause: () => recorder.pause(),
    resume: () => recorder.resume(),
    async finish() {
      await stop();
      return { media: new Blob(parts, { type: type.split(";")[0] ?? type }), lastS: Infinity };
    },
    cancel: stop,
    remove: () => Promise.resolve(),
  };
}
