/** The views beside the picture: one table feeds their actions, their menu and the host that shows them. */
import { type ComponentType, h } from "preact";
import type { Panel } from "../ui/panel.ts";
import type { Page } from "./page.ts";

/** A panel with the ports that the page gives it. */
export interface PlacedPanel {
  readonly id: string;
  readonly title: string;
  readonly key: string;
  /** Loads its code and returns the panel of a page. */
  readonly load: (page: Page) => Promise<ComponentType>;
}

/** Every panel, in the order of the menu: a new one is one line here. */
export const PANELS: readonly PlacedPanel[] = [
  place({
    id: "inside",
    title: "Look inside",
    key: "i",
    load: async () => ({ Panel: (await import("../features/inside/panel.tsx")).Drawer }),
  }, (page) => ({ page })),
  place({
    id: "trust",
    title: "Trust",
    key: "e",
    load: async () => ({ Panel: (await import("../features/trust/panel.tsx")).Drawer }),
  }, (page) => ({ page })),
  place({
    id: "log",
    title: "Log",
    key: "d",
    load: async () => ({ Panel: (await import("../features/log/panel.tsx")).Drawer }),
  }, (page) => ({ page })),
  place({
    id: "clips",
    title: "Clips",
    key: "b",
    load: async () => ({ Panel: (await import("../features/clips/panel.tsx")).Drawer }),
  }, (page) => ({ page })),
  place({
    id: "watch",
    title: "Watch",
    key: "w",
    load: async () => ({ Panel: (await import("../features/share/panel.tsx")).Drawer }),
  }, (page) => ({ page })),
];

function place<Ports extends object>(
  { id, title, key, load }: Panel<Ports>,
  ports: (page: Page) => Ports,
): PlacedPanel {
  return {
    id,
    title,
    key,
    async load(page) {
      const { Panel } = await load();
      const given = ports(page);
      return () => h(Panel, given);
    },
  };
}
