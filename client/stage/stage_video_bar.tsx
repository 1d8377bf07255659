import type { ComponentChildren } from "preact";
import type { Source } from "../picture/source.ts";
import { VideoBar } from "../ui/video_bar.tsx";

/** Properties of the bar. */
export interface StageVideoBarProps {
  readonly source: Source;
  /** The stage's video element. */
  readonly video: HTMLVideoElement;
  /** What else can be done with the video. */
  readonly children?: ComponentChildren;
}

/** Under the stage while a video is open: where it is, and its sound; freezing it is the toolbar's. */
export function StageVideoBar({ source, video, children }: StageVideoBarProps) {
  const { value } = source.kind;
  if (value.kind !== "video") return null;
  return (
    <VideoBar
      key={value.name}
      video={() => video}
      name={`The video ${value.name}`}
      pauses={false}
      onSeek={(seconds) => source.seek(seconds)}
    >
      {children}
    </VideoBar>
  );
}
