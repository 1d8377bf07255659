/** What is wrong with the layout of a page: controls that overlap or are out of reach, words that are cut. */
import type { Page } from "playwright-core";
import { pictures } from "./_scene.ts";

/** Widths of common screens, each with a height that goes with it, in pixels. */
export const SIZES = [
  { width: 320, height: 568 },
  { width: 360, height: 740 },
  { width: 412, height: 915 },
  { width: 768, height: 1024 },
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
] as const;

/** How often a page is looked at that has faults. */
const LOOKS = 20;

/** A folder for pictures of every view and size in both themes, for people to look at; usually none. */
const SHOTS = Deno.env.get("GRADCAST_SHOTS");

/** Looks at the page in every size; returns what is wrong, each with the view and the width. */
export async function layoutFaults(page: Page, view: string): Promise<string[]> {
  const faults: string[] = [];
  for (const size of SIZES) {
    await page.setViewportSize(size);
    const found = await lastingFaults(page);
    faults.push(...found.map((fault) => `${view}, ${size.width} px: ${fault}`));
    if (SHOTS !== undefined) await shoot(page, `${SHOTS}/${view.replaceAll(/\W+/g, "-")}-${size.width}`);
  }
  return faults;
}

/** Faults that stay: what follows a new size does so within some pictures, on a busy machine within more of them. */
async function lastingFaults(page: Page): Promise<string[]> {
  for (let look = 1;; look++) {
    await pictures(page, 2);
    const faults = await page.evaluate(findFaults);
    if (faults.length === 0 || look === LOOKS) return faults;
  }
}

async function shoot(page: Page, path: string): Promise<void> {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${path}-${colorScheme}.png` });
  }
}

/** Runs in the page, so it holds everything that it needs. */
function findFaults(): string[] {
  const CONTROLS = "button, a[href], input, select, summary, textarea, [role=slider], [role=treeitem]";
  /** What is meant to lie over the rest of the page; controls are compared within one of them. */
  const LAYERS =
    "dialog[open], [popover]:popover-open, .pane-popover, .matches, .toasts, .toolbar, .drawer, .preview-actions";
  /** What no notice may cover. */
  const NEEDED =
    ".toolbar button, .toolbar select, .start, .hud button, .countdown button, .compare-bar select, .compare-bar input, " +
    ".drawer button, .drawer select, .drawer input, .drawer summary, .drawer a, .drawer [role=treeitem]";
  /** Rounding of the layout, in pixels. */
  const SLACK_PX = 1;

  interface Box {
    left: number;
    top: number;
    right: number;
    bottom: number;
  }
  const faults: string[] = [];

  const isSeen = (element: Element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > SLACK_PX && height > SLACK_PX && element.closest(".visually-hidden, [inert]") === null &&
      element.checkVisibility({ visibilityProperty: true });
  };
  const nameOf = (element: Element) => {
    const { tagName, className, textContent } = element;
    const test = element.closest("[data-testid]")?.getAttribute("data-testid");
    const words = (element.getAttribute("aria-label") ?? textContent ?? "").trim().slice(0, 30);
    return `${tagName.toLowerCase()}.${String(className).split(" ").join(".")} [${test}] “${words}”`;
  };
  const layerOf = (element: Element) => {
    const layer = element.closest(LAYERS);
    if (layer === null || !layer.matches(".toolbar, .drawer")) return layer;
    return getComputedStyle(layer).position === "fixed"
      ? layer
      : layer.parentElement?.closest(LAYERS) ?? null;
  };
  const overlap = (a: Box, b: Box) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > SLACK_PX &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > SLACK_PX;
  /** The part of a box that the containers around it show. */
  const shownPart = (element: Element, whole = element.getBoundingClientRect()): Box => {
    const { left, top, right, bottom } = whole;
    const box = { left, top, right, bottom };
    for (let up = element.parentElement; up !== null; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.position === "fixed") break;
      if (style.display === "contents") continue;
      if (!/auto|scroll|hidden|clip/.test(style.overflowX + style.overflowY)) continue;
      const frame = up.getBoundingClientRect();
      box.left = Math.max(box.left, frame.left);
      box.right = Math.min(box.right, frame.right);
      box.top = Math.max(box.top, frame.top);
      box.bottom = Math.min(box.bottom, frame.bottom);
    }
    return box;
  };

  const controls = [...document.querySelectorAll(CONTROLS)].filter((element) =>
    isSeen(element) && getComputedStyle(element).pointerEvents !== "none"
  ).map((element) => ({ element, layer: layerOf(element), box: shownPart(element) }));

  for (const [place, a] of controls.entries()) {
    for (const b of controls.slice(place + 1)) {
      if (a.element.contains(b.element) || b.element.contains(a.element) || !overlap(a.box, b.box)) continue;
      if (a.layer === b.layer) faults.push(`${nameOf(a.element)} overlaps ${nameOf(b.element)}`);
    }
  }

  for (const element of document.querySelectorAll("body *")) {
    const { overflowX, display } = getComputedStyle(element);
    if (display === "contents" || !/auto|scroll/.test(overflowX) || !isSeen(element)) continue;
    // Tables of numbers may be wider than any screen.
    if (element.matches(".plot-scroll")) continue;
    const { scrollWidth, clientWidth } = element;
    if (scrollWidth > clientWidth + SLACK_PX) {
      faults.push(`${nameOf(element)} scrolls sideways: ${clientWidth} < ${scrollWidth}`);
    }
  }

  const screen = { left: 0, right: innerWidth };
  if (document.documentElement.scrollWidth > innerWidth) {
    faults.push(`the page scrolls sideways, ${document.documentElement.scrollWidth} px`);
  }
  for (const { element, layer } of controls) {
    const box = element.getBoundingClientRect();
    const sideways = scroller(element, "x");
    if (sideways === null && (box.left < screen.left - SLACK_PX || box.right > screen.right + SLACK_PX)) {
      faults.push(`${nameOf(element)} reaches out of the window at ${box.left}…${box.right}`);
    }
    const isFixed = layer !== null && getComputedStyle(layer).position === "fixed";
    if (
      isFixed && scroller(element, "y") === null &&
      (box.top < -SLACK_PX || box.bottom > innerHeight + SLACK_PX)
    ) {
      faults.push(`${nameOf(element)} cannot be reached at ${box.top}…${box.bottom} of ${innerHeight}`);
    }
    // Words that do not fit reach over what stands beside them, or are hidden without a sign.
    if (element.scrollWidth > element.clientWidth + SLACK_PX && element.matches("button, a, summary")) {
      faults.push(
        `${nameOf(element)} is narrower than its words: ${element.clientWidth} < ${element.scrollWidth}`,
      );
    }
    if (element instanceof HTMLSelectElement || element instanceof HTMLInputElement) {
      const missing = cutWords(element);
      if (missing !== null && element.closest("[title]") === null) {
        faults.push(`${nameOf(element)} cuts “${missing}”`);
      }
    }
  }

  function scroller(element: Element, axis: "x" | "y"): Element | null {
    for (let up = element.parentElement; up !== null && up !== document.body; up = up.parentElement) {
      // A drawing is moved by pointer and keys.
      if (up.matches(".tree-window")) return up;
      const { overflowX, overflowY, display } = getComputedStyle(up);
      if (display !== "contents" && /auto|scroll/.test(axis === "x" ? overflowX : overflowY)) {
        const range = axis === "x" ? up.scrollWidth - up.clientWidth : up.scrollHeight - up.clientHeight;
        if (range > 0) return up;
      }
      if (getComputedStyle(up).position === "fixed") return null;
    }
    return null;
  }

  /** The words of a field where they are wider than it, or null. */
  function cutWords(field: HTMLSelectElement | HTMLInputElement): string | null {
    const words = field instanceof HTMLSelectElement
      ? field.selectedOptions[0]?.text ?? ""
      : field.value === ""
      ? field.placeholder
      : "";
    if (words === "" || Number(getComputedStyle(field).opacity) === 0) return null;
    const style = getComputedStyle(field);
    const context = document.createElement("canvas").getContext("2d");
    if (context === null) return null;
    context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const room = field.clientWidth - Number.parseFloat(style.paddingLeft) -
      Number.parseFloat(style.paddingRight);
    return context.measureText(words).width > room + SLACK_PX ? words : null;
  }

  for (const element of document.querySelectorAll<HTMLElement>("body *")) {
    const own = [...element.childNodes].some((node) =>
      node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim()
    );
    if (!own || !isSeen(element) || element.matches("option, select, input")) continue;
    const { overflowX, overflowY } = getComputedStyle(element);
    const hides = /hidden|clip/;
    const cutAcross = hides.test(overflowX) && element.scrollWidth > element.clientWidth + SLACK_PX;
    const cutBelow = hides.test(overflowY) && element.scrollHeight > element.clientHeight + 2 * SLACK_PX;
    if ((cutAcross || cutBelow) && element.closest("[title]") === null) {
      faults.push(`“${element.innerText.slice(0, 40)}” in ${nameOf(element)} is cut`);
    }
    const { left, right } = element.getBoundingClientRect();
    // Words under a control cannot be read; parts of one control may share a place.
    if (
      element.closest(CONTROLS) === null && element.closest("label:has(input, select), .media-host") === null
    ) {
      const layer = layerOf(element);
      const range = document.createRange();
      range.selectNodeContents(element);
      const words = shownPart(element, range.getBoundingClientRect());
      for (const control of controls) {
        if (
          control.layer === layer && overlap(words, control.box) && !control.element.contains(element) &&
          !element.contains(control.element)
        ) {
          faults.push(`“${element.innerText.slice(0, 40)}” lies under ${nameOf(control.element)}`);
        }
      }
    }
    const out = left < -SLACK_PX || right > innerWidth + SLACK_PX;
    if (out && scroller(element, "x") === null) {
      faults.push(`“${element.innerText.slice(0, 40)}” reaches out of the window at ${left}…${right}`);
    }
  }

  const needed = [...document.querySelectorAll(NEEDED)].filter(isSeen);
  for (const toast of document.querySelectorAll(".toast")) {
    for (const control of needed) {
      if (overlap(toast.getBoundingClientRect(), shownPart(control))) {
        faults.push(`a notice covers ${nameOf(control)}`);
      }
    }
  }

  // What stands last is scrolled above the bar that is fixed to the window's lower edge.
  const bar = document.querySelector(".toolbar");
  if (bar !== null && isSeen(bar) && getComputedStyle(bar).position === "fixed") {
    const before = scrollY;
    scrollTo(0, document.documentElement.scrollHeight);
    const last = Math.max(
      ...controls.filter(({ layer }) => layer === null).map(({ element }) =>
        element.getBoundingClientRect().bottom
      ),
    );
    if (last > bar.getBoundingClientRect().top + SLACK_PX) faults.push("the toolbar covers the last control");
    scrollTo(0, before);
  }
  return [...new Set(faults)];
}
