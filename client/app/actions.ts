/** Everything that can be done on the page: one table feeds keys, buttons, tooltips and the help. */
import { COLORMAP_NAMES } from "../../shared/colormaps.ts";
import { compareActions } from "../features/compare/mod.ts";
import { modelActions } from "../features/models/mod.ts";
import { presentActions } from "../features/present/mod.ts";
import { timelineActions } from "../features/timeline/mod.ts";
import { tourActions } from "../features/tour/mod.ts";
import { type Action, action } from "../ui/action.ts";
import { otherTheme } from "../view/theme.ts";
import { askedView } from "../view/view_state.ts";
import { copyLink } from "./copy_link.ts";
import type { Page } from "./page.ts";
import { PANELS } from "./panels.ts";
import { savePageSnapshot } from "./snapshot_facts.ts";

/** Step of the opacity keys. */
const OPACITY_STEP = 0.1;

/** Classes that keys lock, by their rank. */
const LOCKED_RANKS = [1, 2, 3, 4, 5];

/** Every action, in the order of the help. */
export function pageActions(page: Page): readonly Action[] {
  return [
    ...pictureActions(page),
    ...viewActions(page),
    ...mapActions(page),
    ...snapshotActions(page),
    ...Object.values(page.recorderActions),
    action("copy-link", "l", "Copy a link to this view", () => copyLink(page)),
    ...compareActions(page.compare, () => isLive(page)),
    ...timelineActions(page.timeline),
    ...PANELS.map(({ id, key, title }) =>
      action(`show-${id}`, key, `Show ${title}`, () => {
        page.drawer.value = page.drawer.value === id ? null : id;
      })
    ),
    ...screenActions(page),
  ];
}

const isLive = (page: Page) => page.live.welcome.value !== null;
const hasPicture = (page: Page) => page.source.kind.value.kind !== "none";

function pictureActions({ source, camera, timeline, chooseFile }: Page): readonly Action[] {
  return [
    {
      id: "freeze",
      key: " ",
      name: "Freeze or resume",
      label: () => source.frozen.value ? "Resume" : "Freeze",
      // A photo stands still by itself; what is frozen of before can always be let go.
      when: () =>
        source.frozen.value || source.kind.value.kind !== "none" && source.kind.value.kind !== "photo",
      run: () => timeline.freezePinned() || source.setFrozen(!source.frozen.value),
    },
    {
      id: "camera",
      key: "c",
      name: "Start or stop the camera",
      label() {
        if (camera.state.value.phase === "asking") return "Waiting for the browser…";
        return source.kind.value.kind === "camera" ? "Stop camera" : "Start camera";
      },
      when: () => true,
      run() {
        if (source.kind.value.kind === "camera") source.closeCamera();
        else void source.openCamera(null);
      },
    },
    action("open", "o", "Open a photo or a video", chooseFile),
  ];
}

function viewActions(page: Page): readonly Action[] {
  const { live, view } = page;
  return [
    action("next-method", "m", "Next method", () => {
      const methods = live.welcome.value?.methods ?? [];
      const now = methods.findIndex((method) => method.id === view.state.value.current.method);
      const next = methods[(now + 1) % methods.length];
      if (next !== undefined) view.setMethod(next.id);
    }, () => isLive(page)),
    ...modelActions({
      listed: live.models.listed,
      chosen: () => askedView(view.state.value).model,
      setModel: (id) => view.setModel(id),
    }),
    ...LOCKED_RANKS.map((rank) =>
      action(`lock-${rank}`, String(rank), `Lock or unlock prediction ${rank}`, () => {
        const row = live.board.state.value.ranking.rows[rank - 1];
        if (row !== undefined) view.toggleClass(row.index);
      }, () => live.board.state.value.ranking.rows.length >= rank)
    ),
    action(
      "unlock",
      "u",
      "Unlock the class",
      () => view.unlock(),
      () => view.state.value.current.target.kind !== "rank",
    ),
  ];
}

function mapActions(page: Page): readonly Action[] {
  const changeOpacity = (by: number) => page.setOpacity(page.settings.value.opacity + by);
  return [
    action("opacity-down", "[", "Less heatmap", () => changeOpacity(-OPACITY_STEP)),
    action("opacity-up", "]", "More heatmap", () => changeOpacity(OPACITY_STEP)),
    action("hide-map", "h", "Hide or show the heatmap", () => {
      page.stage.mapHidden.value = !page.stage.mapHidden.value;
    }),
    action("boxes", "0", "Box around the strongest region", () => {
      page.change({ boxes: !page.settings.value.boxes });
    }),
    action("next-colormap", "k", "Next colour map", () => {
      const now = COLORMAP_NAMES.indexOf(page.settings.value.colormap);
      page.change({ colormap: COLORMAP_NAMES[(now + 1) % COLORMAP_NAMES.length] ?? "viridis" });
    }),
  ];
}

function snapshotActions(page: Page): readonly Action[] {
  const when = () => hasPicture(page);
  return [
    action("snapshot", "s", "Save a snapshot", () => savePageSnapshot(page, true), when),
    action("snapshot-bare", null, "Snapshot without heatmap", () => savePageSnapshot(page, false), when),
  ];
}

function screenActions(page: Page): readonly Action[] {
  return [
    ...presentActions(page.present),
    ...tourActions(page.tour),
    action("fullscreen", "f", "Full screen", () => {
      // A browser may refuse it; the page is the same without.
      if (document.fullscreenElement === null) document.documentElement.requestFullscreen().catch(() => {});
      else document.exitFullscreen().catch(() => {});
    }, () => document.fullscreenEnabled),
    action(
      "theme",
      "t",
      "Light or dark",
      () => page.change({ theme: otherTheme(page.settings.value.theme) }),
    ),
    action("help", "?", "Help and keys", () => {
      page.helpOpen.value = !page.helpOpen.value;
    }),
  ];
}
