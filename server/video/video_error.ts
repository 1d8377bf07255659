/** Why a video cannot be read, or a film not be written: one sentence for people, with what to do next. */
export class VideoError extends Error {
  override readonly name = "VideoError";
}
