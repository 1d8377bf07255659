/** The views beside the picture: one table feeds their actions, their menu and the host that shows them. */
import { type ComponentType, h } from "preact";
import { ABOUT_PANEL } from "../features/about/mod.ts";
import { CLIPS_PANEL } from "../features/clips/mod.ts";
import { COVER_PANEL } from "../features/cover/mod.ts";
import { EVERY_FRAME_PANEL } from "../features/every_frame/mod.ts";
import { INSIDE_PANEL } from "../features/inside/mod.ts";
import { LOG_PANEL } from "../features/log/mod.ts";
import { MODELS_PANEL } from "../features/models/mod.ts";
import { SHARE_PANEL } from "../features/share/mod.ts";
import { TEACH_PANEL } from "../features/teach/mod.ts";
import { TRUST_PANEL } from "../features/trust/mod.ts";
import type { Panel } from "../ui/panel.ts";
import {
  coverPorts,
  everyFramePorts,
  insidePorts,
  logPorts,
  modelsPorts,
  teachPorts,
  trustPorts,
} from "./panel_ports.ts";
import type { Page } from "./page.ts";
import { replayStart } from "./recorder_parts.tsx";

/** A panel with the ports that the page gives it. */
export interface PlacedPanel {
  readonly id: string;
  readonly title: string;
  /** What its button in the menu says. */
  readonly short: string;
  readonly key: string;
  /** Loads its code and returns the panel of a page. */
  readonly load: (page: Page) => Promise<ComponentType>;
}

/** Every panel, in the order of the menu: a new one is one line here. */
export const PANELS: readonly PlacedPanel[] = [
  place(COVER_PANEL, coverPorts),
  place(INSIDE_PANEL, insidePorts),
  place(TRUST_PANEL, trustPorts),
  place(TEACH_PANEL, teachPorts),
  place(EVERY_FRAME_PANEL, everyFramePorts),
  place(LOG_PANEL, logPorts),
  place(CLIPS_PANEL, (page) => ({ toasts: page.toasts, look: () => replayStart(page) })),
  place(SHARE_PANEL, ({ share, toasts: { say } }) => ({ share, say })),
  place(MODELS_PANEL, modelsPorts),
  place(ABOUT_PANEL, ({ live: { welcome, board } }) => ({ welcome, board: board.state })),
];

function place<Ports extends object>(
  { id, title, short = title, key, load }: Panel<Ports>,
  ports: (page: Page) => Ports,
): PlacedPanel {
  return {
    id,
    title,
    short,
    key,
    async load(page) {
      const { Panel } = await load();
      const given = ports(page);
      return () => h(Panel, given);
    },
  };
}
