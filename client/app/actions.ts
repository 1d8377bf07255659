/** Everything that can be done on the page: one table feeds keys, buttons, tooltips and the help. */
import { FREE } from "../view/view_state.ts";
import { COLORMAP_NAMES } from "../../shared/colormaps.ts";
import type { Page } from "./page.ts";
import { type DrawerId, DRAWERS } from "./drawers.ts";
import { otherTheme } from "../view/theme.ts";

/** Step of the opacity keys. */
const OPACITY_STEP = 0.1;

/** Name of an action. */
export type ActionId =
  | "freeze"
  | "camera"
  | "open"
  | "next-method"
  | `lock-${1 | 2 | 3 | 4 | 5}`
  | "unlock"
  | "opacity-down"
  | "opacity-up"
  | "hide-map"
  | "next-colormap"
  | "snapshot"
  | "snapshot-bare"
  | "record"
  | "record-pause"
  | "record-mark"
  | "gif"
  | "copy-link"
  | "compare"
  | `show-${DrawerId}`
  | "present"
  | "fullscreen"
  | "theme"
  | "help";

/** One thing to do. */
export interface Action {
  readonly id: ActionId;
  /** What it does, for tooltips and the help. */
  readonly name: string;
  /** What it does now, for screen readers. */
  readonly label: (page: Page) => string;
  /** Its single key, or null. */
  readonly key: string | null;
  /** Whether it can be done now. */
  readonly when: (page: Page) => boolean;
  readonly run: (page: Page) => void;
}

const always = () => true;
const isLive = (page: Page) => page.session.welcome.value !== null;
const hasPicture = (page: Page) => page.source.kind.value.kind !== "none";
const isRecording = (page: Page) => page.recorder.state.value.kind === "recording";

function plain(
  id: ActionId,
  key: string | null,
  name: string,
  run: (page: Page) => void,
  when: (page: Page) => boolean = always,
): Action {
  return { id, key, name, label: () => name, run, when };
}

function lockRank(rank: 1 | 2 | 3 | 4 | 5): Action {
  return plain(`lock-${rank}`, String(rank), `Lock or free prediction ${rank}`, (page) => {
    const row = page.session.board.state.value.ranking.rows[rank - 1];
    if (row !== undefined) page.toggleLock(row.index);
  }, (page) => page.session.board.state.value.ranking.rows.length >= rank);
}

function changeOpacity(by: number): (page: Page) => void {
  return (page) => page.setOpacity(page.settings.value.opacity + by);
}

/** Every action, in the order of the help. */
export const ACTIONS: readonly Action[] = [
  {
    id: "freeze",
    key: " ",
    name: "Freeze or go on",
    label: (page) => page.source.frozen.value ? "Go on" : "Freeze",
    when: (page) => page.source.kind.value.kind !== "none" && page.source.kind.value.kind !== "photo",
    run: (page) => page.source.setFrozen(!page.source.frozen.value),
  },
  {
    id: "camera",
    key: "c",
    name: "Start or stop the camera",
    label(page) {
      if (page.camera.state.value.phase === "asking") return "Waiting for the browser…";
      return page.source.kind.value.kind === "camera" ? "Stop camera" : "Start camera";
    },
    when: always,
    run(page) {
      if (page.source.kind.value.kind === "camera") page.source.closeCamera();
      else void page.source.openCamera(null);
    },
  },
  plain("open", "o", "Open a photo or a video", (page) => page.chooseFile()),
  plain("next-method", "m", "Next method", (page) => {
    const methods = page.session.welcome.value?.methods ?? [];
    const now = methods.findIndex((method) => method.id === page.session.view.value.current.method);
    const next = methods[(now + 1) % methods.length];
    if (next !== undefined) page.setMethod(next.id);
  }, isLive),
  ...([1, 2, 3, 4, 5] as const).map(lockRank),
  plain(
    "unlock",
    "u",
    "Free the locked class",
    (page) => page.session.changeView({ kind: "target", target: FREE }),
    (page) => page.session.view.value.current.target.kind !== "rank",
  ),
  plain("opacity-down", "[", "Less heatmap", changeOpacity(-OPACITY_STEP)),
  plain("opacity-up", "]", "More heatmap", changeOpacity(OPACITY_STEP)),
  plain("hide-map", "h", "Hide or show the heatmap", (page) => {
    page.mapHidden.value = !page.mapHidden.value;
  }),
  plain("next-colormap", "k", "Next colour map", (page) => {
    const now = COLORMAP_NAMES.indexOf(page.settings.value.colormap);
    page.change({ colormap: COLORMAP_NAMES[(now + 1) % COLORMAP_NAMES.length] ?? "viridis" });
  }),
  plain("snapshot", "s", "Save a snapshot", (page) => page.saveSnapshot(true), hasPicture),
  plain(
    "snapshot-bare",
    null,
    "Snapshot without heatmap",
    (page) => page.saveSnapshot(false),
    hasPicture,
  ),
  {
    id: "record",
    key: "r",
    name: "Record, or stop recording",
    label: (page) => page.recorder.state.value.kind === "recording" ? "Stop recording" : "Record",
    when: (page) => isLive(page) && hasPicture(page) && page.recorder.state.value.kind !== "preview",
    run: (page) => page.recorder.toggle(),
  },
  {
    id: "record-pause",
    key: "y",
    name: "Pause or resume the recording",
    label(page) {
      const state = page.recorder.state.value;
      return state.kind === "recording" && state.pausedSinceMs !== null
        ? "Resume recording"
        : "Pause the recording";
    },
    when: isRecording,
    run: (page) => page.recorder.togglePause(),
  },
  {
    id: "record-mark",
    key: "x",
    name: "Put a marker into the recording",
    label(page) {
      const state = page.recorder.state.value;
      const marks = state.kind === "recording" ? state.markers.length : 0;
      return marks === 0
        ? "Put a marker into the recording"
        : `Put a marker into the recording, ${marks} so far`;
    },
    when: isRecording,
    run: (page) => page.recorder.mark(),
  },
  {
    id: "gif",
    key: "a",
    name: "Save a GIF of three seconds",
    label: (page) => page.gif.state.value.kind === "rest" ? "GIF of three seconds" : "Cancel the GIF",
    when: (page) => isLive(page) && hasPicture(page),
    run: (page) => page.gif.toggle(),
  },
  plain("copy-link", "l", "Copy a link to this view", (page) => page.copyLink()),
  {
    id: "compare",
    key: "g",
    name: "Compare maps side by side",
    label: () => "Compare",
    when: isLive,
    run: (page) => page.compare.toggle(page.session.view.value.current.method),
  },
  ...DRAWERS.map(({ id, key, name }) =>
    plain(`show-${id}`, key, `Show ${name}`, (page) => {
      page.drawer.value = page.drawer.value === id ? null : id;
    })
  ),
  plain("present", "p", "Present: only picture and label", (page) => {
    page.present.value = !page.present.value;
  }),
  plain("fullscreen", "f", "Full screen", () => {
    // A browser may refuse it; the page is the same without.
    if (document.fullscreenElement === null) document.documentElement.requestFullscreen().catch(() => {});
    else document.exitFullscreen().catch(() => {});
  }, () => document.fullscreenEnabled),
  plain(
    "theme",
    "t",
    "Light or dark",
    (page) => page.change({ theme: otherTheme(page.settings.value.theme) }),
  ),
  plain("help", "?", "Help and keys", (page) => {
    page.helpOpen.value = !page.helpOpen.value;
  }),
];
