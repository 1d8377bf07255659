import { Camera } from "lucide-preact";
import { useMemo } from "preact/hooks";
import { aspectOf } from "../../shared/aspect.ts";
import { coverExtent } from "../../shared/cover.ts";
import { inputOf } from "../live/served_models.ts";
import { Hud } from "./recorder_parts.tsx";
import { CameraNotice } from "../picture/camera_notice.tsx";
import { CameraPicker } from "../picture/camera_picker.tsx";
import { TimelineMoment, TimelineNote } from "../features/timeline/mod.ts";
import { MIDDLE_GREY } from "../map/cover_painter.ts";
import { CoverLayer } from "../stage/cover_layer.tsx";
import { Divider } from "../stage/divider.tsx";
import { EnlargedLayer } from "../stage/enlarged_layer.tsx";
import { NoteList } from "../stage/note_list.tsx";
import { RegionBox } from "../stage/region_box.tsx";
import { Stage } from "../stage/stage.tsx";
import { stageNotes } from "../stage/stage_notes.ts";
import { ActionButton } from "../ui/action_button.tsx";
import type { Page } from "./page.ts";

/** The picture with its heatmap, and what stands on it. */
export function MainStage({ page }: { readonly page: Page }) {
  const { camera, source, stage, map } = page;
  const gestures = useMemo(() => ({
    wipe: stage.wipe,
    opacity: () => page.settings.peek().opacity,
    setOpacity: page.setOpacity,
  }), [page]);
  const coverScene = useMemo(() => ({
    cover: stage.cover,
    surface: page.surface,
    aspect: () => aspectOf(inputOf(page.live.welcome.value)),
    grey: () => page.live.welcome.value?.model.grey ?? MIDDLE_GREY,
    observe: page.live.observe,
  }), [page]);
  const { kind } = map.status.value;
  const { colormap, opacity } = page.settings.value;
  const presenting = page.present.value;
  const Paint = stage.paintLayer.value?.Layer;
  return (
    <Stage
      surface={page.surface}
      map={map.overlay.canvas}
      look={{
        stale: kind === "stale",
        // Until its picture is there the camera's stays in view.
        network: kind !== "waiting" && stage.network.value,
        frozen: source.frozen.value,
        mirrored: stage.mirrored.value,
        opacity: stage.mapOpacity.value,
        aspect: aspectOf(inputOf(page.live.welcome.value)),
      }}
      gestures={gestures}
      cover={stage.cover.value !== null && <CoverLayer scene={coverScene} />}
      enlarged={
        <>
          <EnlargedLayer
            enlarged={stage.enlarged.value}
            colormap={colormap}
            opacity={stage.mapHidden.value ? 0 : opacity}
          />
          <TimelineMoment timeline={page.timeline} />
          {Paint !== undefined && !presenting && <Paint />}
        </>
      }
      marks={<RegionBox box={page.box.value} />}
    >
      {Paint === undefined && <Divider wipe={stage.wipe} />}
      <Notes page={page} />
      <TimelineNote timeline={page.timeline} />
      {(presenting || !page.compare.open.value) && <Hud page={page} />}
      {!presenting && <CameraPicker camera={camera} source={source} />}
      <CameraNotice
        camera={camera}
        onRetry={() => void source.openCamera(null)}
        onOpenFile={() => page.chooseFile()}
      />
      {!presenting && Paint === undefined && <StartButton page={page} />}
    </Stage>
  );
}

function Notes({ page }: { readonly page: Page }) {
  const { live, map, source, share, log } = page;
  const { value: kind } = source.kind;
  const { target } = live.board.state.value;
  return (
    <NoteList
      notes={stageNotes({
        connection: live.link.state.value,
        frozen: source.frozen.value,
        mapHidden: page.stage.mapHidden.value,
        covered: coverExtent(page.stage.cover.value),
        animated: kind.kind === "photo" && kind.animated,
        logging: log.writing.value,
        watchers: share.on.value ? share.shared.value?.watchers ?? 0 : null,
        status: map.status.value,
        target: target === null ? null : page.names.nameOf(target.index, target.label),
      })}
    />
  );
}

/** Before there is a picture of one's own; a notice about the camera has the buttons that help. */
function StartButton({ page }: { readonly page: Page }) {
  const { kind } = page.source.kind.value;
  if ((kind !== "sample" && kind !== "none") || page.camera.state.value.phase === "failed") return null;
  const action = page.action("camera");
  return (
    <ActionButton action={action} class="button primary start" testid="start-camera">
      <Camera aria-hidden="true" />
      {action.label()}
    </ActionButton>
  );
}
