/** What the network sees: the stage's surface, the camera and the source of pictures, wired together. */
import { type Camera, createCamera } from "../picture/camera.ts";
import { chooseMirror } from "../picture/mirror.ts";
import { createSource, type Source, type SourceOptions } from "../picture/source.ts";
import { Surface } from "../picture/surface.ts";
import type { SettingsStore } from "../view/settings_store.ts";

/** The models of the picture. */
export interface PictureModels {
  readonly surface: Surface;
  readonly camera: Camera;
  readonly source: Source;
  /** Shows the camera that is on as a mirror or not, now and whenever it is on again. */
  setMirror(on: boolean): void;
}

/** What they need. */
export interface PicturePorts extends Pick<SourceOptions, "onFrame" | "onChange" | "onProblem"> {
  readonly settings: SettingsStore;
  /** The camera has ended by itself; another picture has not taken its place yet. */
  readonly onCameraEnd: () => void;
}

/** Makes them; nothing is shown before the source opens something. */
export function createPicture({ settings, onCameraEnd, ...events }: PicturePorts): PictureModels {
  const surface = new Surface();
  const camera = createCamera(() => {
    // Before another picture takes its place: that takes a moment, and what is recorded is of this camera.
    onCameraEnd();
    void source.fallBack();
  });
  const source: Source = createSource({ surface, camera, ...events });
  return {
    surface,
    camera,
    source,
    setMirror(on) {
      const { value } = camera.state;
      const { mirrors } = settings.current.value;
      if (value.phase === "on") settings.change({ mirrors: chooseMirror(mirrors, value, on) });
    },
  };
}
