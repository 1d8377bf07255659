/** Shows the open panel: below the predictions where there is room, as a sheet from below where there is not. */
import { X } from "lucide-preact";
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import type { Page } from "./page.ts";
import { PANELS, type PlacedPanel } from "./panels.ts";

/** The open panel, or nothing. */
export function PanelHost({ page }: { readonly page: Page }) {
  const panel = PANELS.find(({ id }) => id === page.drawer.value);
  return panel === undefined ? null : <OpenPanel key={panel.id} page={page} panel={panel} />;
}

/** What a sheet leaves in reach: a press there does what it says, and the sheet stays. */
const BESIDE_SHEET =
  ".drawer, .cover-paint, .toolbar, .toasts, button, a, input, select, label, summary, [role=slider], [popover], dialog";

/** A press that moves further than this is a drag, in pixels. */
const DRAG_PX = 6;

type Content = ComponentType | "loading" | "failed";

function OpenPanel({ page, panel }: { readonly page: Page; readonly panel: PlacedPanel }) {
  const content = useSignal<Content>("loading");
  const heading = useRef<HTMLHeadingElement>(null);
  const sheet = useRef<HTMLElement>(null);

  useEffect(() => {
    // Whoever opened it by key or button reads on from its heading, and goes back there when it closes.
    const before = document.activeElement;
    heading.current?.focus({ preventScroll: true });
    heading.current?.closest(".panel")?.scrollTo({ top: 0 });
    panel.load(page).then(
      (Panel) => content.value = Panel,
      () => content.value = "failed",
    );
    return () => before instanceof HTMLElement && before.focus();
  }, [panel]);

  useEffect(() => {
    const listeners = new AbortController();
    const { signal } = listeners;
    let pressed = { x: 0, y: 0 };
    addEventListener("pointerdown", ({ clientX: x, clientY: y }) => pressed = { x, y }, { signal });
    // A tap, not a drag: the picture above a sheet can still be compared with and without its map.
    addEventListener("click", ({ target, clientX, clientY }) => {
      const isSheet = sheet.current !== null && getComputedStyle(sheet.current).position === "fixed";
      const isTap = Math.hypot(clientX - pressed.x, clientY - pressed.y) < DRAG_PX;
      const outside = target instanceof Element && target.isConnected &&
        target.closest(BESIDE_SHEET) === null;
      if (isSheet && isTap && outside) close();
    }, { signal });
    return () => listeners.abort();
  }, []);

  const close = () => page.drawer.value = null;
  const Content = content.value;
  return (
    <section
      class="drawer"
      aria-labelledby="drawer-title"
      data-testid={`drawer-${panel.id}`}
      ref={sheet}
    >
      <header class="card-head drawer-head">
        <h2 id="drawer-title" ref={heading} tabIndex={-1}>{panel.title}</h2>
        <button type="button" class="icon-button" aria-label={`Close ${panel.title}`} onClick={close}>
          <X aria-hidden="true" />
        </button>
      </header>
      <div class="drawer-body">
        {Content === "loading" && <p class="muted" role="status">Loading…</p>}
        {Content === "failed" && (
          <p role="alert">This view could not be loaded. Check that the server runs, then open it again.</p>
        )}
        {typeof Content === "function" && <Content />}
      </div>
    </section>
  );
}
