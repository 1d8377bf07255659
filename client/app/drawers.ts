/** The views beside the picture: one table feeds their actions, their menu and the host that shows them. */
import type { ComponentType } from "preact";
import type { Page } from "./page.ts";

/** Name of a view beside the picture. */
export type DrawerId = "inside" | "trust" | "log" | "clips" | "watch";

/** A view beside the picture; its code is loaded when it is first opened. */
export interface Drawer {
  readonly id: DrawerId;
  /** Heading of the view, and the action's name behind "Show". */
  readonly name: string;
  /** Its single key. */
  readonly key: string;
  readonly load: () => Promise<{ readonly Drawer: ComponentType<{ readonly page: Page }> }>;
}

/** Every view, in the order of the menu. */
export const DRAWERS: readonly Drawer[] = [
  { id: "inside", name: "Look inside", key: "i", load: () => import("../features/inside/panel.tsx") },
  { id: "trust", name: "Trust", key: "e", load: () => import("../features/trust/panel.tsx") },
  { id: "log", name: "Log", key: "d", load: () => import("../features/log/panel.tsx") },
  { id: "clips", name: "Clips", key: "b", load: () => import("../features/clips/panel.tsx") },
  { id: "watch", name: "Watch", key: "w", load: () => import("../features/share/panel.tsx") },
];
