import type { Page } from "../app/page.ts";
import { VideoBar } from "../ui/video_bar.tsx";

/** Under the stage while a video is open: where it is, and its sound; freezing it is the toolbar's. */
export function StageVideoBar({ page }: { readonly page: Page }) {
  const { value } = page.source.kind;
  if (value.kind !== "video") return null;
  return (
    <VideoBar
      key={value.name}
      video={() => page.surface.video}
      name={`The video ${value.name}`}
      pauses={false}
      onSeek={page.source.seek}
    />
  );
}
