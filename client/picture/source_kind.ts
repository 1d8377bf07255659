/** What is on the stage, and whether it moves. Pure. */

/** What is on the stage. */
export type SourceKind =
  | { readonly kind: "none" }
  | { readonly kind: "sample"; readonly id: string; readonly name: string; readonly panning: boolean }
  /** `animated`: the file is an animation, of which the first picture is shown. */
  | { readonly kind: "photo"; readonly name: string; readonly animated: boolean }
  | { readonly kind: "video"; readonly name: string; readonly file: Blob }
  | { readonly kind: "camera"; readonly name: string };

/** True where no newer picture follows by itself. */
export function standsStill(source: SourceKind, frozen: boolean): boolean {
  return frozen || source.kind === "photo" || (source.kind === "sample" && !source.panning);
}

/** How the frames of a source are followed: `drawn` by the page itself, by a `video`, or not at all. */
export type FrameTiming = "none" | "drawn" | "video";

/** Returns how the next frames are found; a hidden tab and a picture that stands still have none. */
export function frameTiming(
  source: SourceKind,
  { frozen, hidden }: { readonly frozen: boolean; readonly hidden: boolean },
): FrameTiming {
  if (source.kind === "none" || hidden || standsStill(source, frozen)) return "none";
  return source.kind === "sample" ? "drawn" : "video";
}
