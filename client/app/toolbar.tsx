import {
  Camera,
  CameraOff,
  CircleDot,
  FolderOpen,
  ImageDown,
  LayoutGrid,
  Paintbrush,
  Pause,
  Play,
} from "lucide-preact";
import type { Page } from "./page.ts";
import { RecordOptions } from "./recorder_parts.tsx";
import { ActionButton } from "../ui/action_button.tsx";

/** What to do with the picture. */
export function Toolbar({ page }: { readonly page: Page }) {
  const frozen = page.source.frozen.value;
  const { kind } = page.source.kind.value;
  // Who paints on the picture has no button in the middle of it.
  const startsHere = kind !== "camera" && (kind === "photo" || kind === "video" ||
    page.stage.paintLayer.value !== null);
  return (
    <div class="toolbar" role="group" aria-label="Picture">
      <ActionButton action={page.action("freeze")} class="button" pressed={frozen} testid="freeze">
        {frozen ? <Play aria-hidden="true" /> : <Pause aria-hidden="true" />}
        <span class="words">{frozen ? "Resume" : "Freeze"}</span>
      </ActionButton>
      <ActionButton action={page.action("snapshot")} class="button" testid="snapshot">
        <ImageDown aria-hidden="true" />
        <span class="words spare">Snapshot</span>
      </ActionButton>
      <span class="record-tools">
        <ActionButton action={page.action("record")} class="button" testid="record">
          <CircleDot aria-hidden="true" />
          <span class="words">{page.recorder.state.value.kind === "recording" ? "Stop" : "Record"}</span>
        </ActionButton>
        <RecordOptions page={page} />
      </span>
      <ActionButton
        action={page.action("compare")}
        class="button"
        pressed={page.compare.open.value}
        testid="compare"
      >
        <LayoutGrid aria-hidden="true" />
        <span class="words spare-low">Compare</span>
      </ActionButton>
      <ActionButton
        action={page.action("show-cover")}
        class="button"
        pressed={page.drawer.value === "cover"}
        testid="cover-open"
      >
        <Paintbrush aria-hidden="true" />
        <span class="words spare">Cover</span>
      </ActionButton>
      <ActionButton action={page.action("open")} class="button">
        <FolderOpen aria-hidden="true" />
        <span class="words spare">Open</span>
      </ActionButton>
      {kind === "camera" && (
        <ActionButton action={page.action("camera")} class="button">
          <CameraOff aria-hidden="true" />
          <span class="words spare">Stop camera</span>
        </ActionButton>
      )}
      {startsHere && (
        <ActionButton action={page.action("camera")} class="button" testid="start-camera">
          <Camera aria-hidden="true" />
          <span class="words spare-low spare-narrow">Start camera</span>
        </ActionButton>
      )}
    </div>
  );
}
