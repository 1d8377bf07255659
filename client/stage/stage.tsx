import { Camera } from "lucide-preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { showsNetwork } from "../view/view_state.ts";
import type { Page } from "../app/page.ts";
import { RecordHud } from "../features/recorder/record_hud.tsx";
import { ActionButton } from "../ui/action_button.tsx";
import { CameraNotice } from "../picture/camera_notice.tsx";
import { CameraPicker } from "../picture/camera_picker.tsx";
import { Divider } from "./divider.tsx";
import { EnlargedLayer } from "./enlarged_layer.tsx";
import { useGestures } from "./gestures.ts";
import { StageNote } from "./stage_note.tsx";

/** What lies around the square. */
const DIMMED = ["left", "right", "above", "below"];

/** The picture with its heatmap: the square that the network sees, the rest dimmed. */
export function Stage({ page }: { readonly page: Page }) {
  const media = useRef<HTMLDivElement>(null);
  const map = useRef<HTMLDivElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  useGestures(stage, map, page);

  useLayoutEffect(() => {
    media.current?.append(...page.surface.elements);
    map.current?.append(page.session.overlay.canvas);
  }, [page]);

  const { kind } = page.source.kind.value;
  const { phase } = page.camera.state.value;
  const status = page.session.status.value;
  const mirrored = page.mirrored.value;
  // Until its picture is there the camera's stays in view.
  const network = status.kind !== "waiting" &&
    showsNetwork(page.session.view.value.current, page.session.welcome.value?.methods ?? []);
  return (
    <div
      class="stage"
      ref={stage}
      data-stale={status.kind === "stale"}
      data-subject={network ? "network" : "picture"}
      data-frozen={page.source.frozen.value}
      data-mirror={mirrored}
    >
      <div class="square" style={{ "--shown": shownPart(page.wipe.value, mirrored) }}>
        <div class="media-host" ref={media} />
        {DIMMED.map((side) => <div key={side} class={`dim ${side}`} />)}
        <div
          class="map-host"
          ref={map}
          style={{ opacity: page.mapOpacity.value }}
        />
        <EnlargedLayer page={page} />
      </div>
      <Divider page={page} />
      <StageNote page={page} />
      {(page.present.value || !page.compare.open.value) && <RecordHud page={page} />}
      {!page.present.value && <CameraPicker camera={page.camera} source={page.source} />}
      <CameraNotice
        camera={page.camera}
        onRetry={() => void page.source.openCamera(null)}
        onOpenFile={() => page.chooseFile()}
      />
      {/* A notice over it has the buttons that help. */}
      {(kind === "sample" || kind === "none") && !page.present.value && phase !== "failed" && (
        <ActionButton action={page.action("camera")} class="button primary start" testid="start-camera">
          <Camera aria-hidden="true" />
          {page.action("camera").label()}
        </ActionButton>
      )}
    </div>
  );
}

/** The part of the map that is shown, in the square's own left and right: a mirror turns them round. */
function shownPart(share: number, mirrored: boolean): string {
  if (share >= 1) return "none";
  const rest = `${(1 - share) * 100}%`;
  return mirrored ? `inset(0 0 0 ${rest})` : `inset(0 ${rest} 0 0)`;
}
