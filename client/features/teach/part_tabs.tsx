import { type Part, PARTS } from "./teach_state.ts";

/** What the parts are called. */
const PART_NAMES: Readonly<Record<Part, string>> = {
  collect: "Collect",
  why: "Why",
  check: "Check",
  saved: "Saved",
};

/** Properties of the tabs. */
export interface PartTabsProps {
  readonly part: Part;
  /** Warnings that "Check" explains. */
  readonly warnings: number;
  readonly onShow: (part: Part) => void;
}

/** The parts of the panel as tabs; arrow keys move between them. */
export function PartTabs({ part, warnings, onShow }: PartTabsProps) {
  function onKeyDown(event: KeyboardEvent): void {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = PARTS[(PARTS.indexOf(part) + by + PARTS.length) % PARTS.length];
    if (by === 0 || next === undefined) return;
    event.preventDefault();
    onShow(next);
    requestAnimationFrame(() => document.getElementById(`part-${next}`)?.focus());
  }

  return (
    <div class="part-tabs" role="tablist" aria-label="Parts of Teach" onKeyDown={onKeyDown}>
      {PARTS.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          class="part-tab"
          id={`part-${one}`}
          aria-selected={one === part}
          aria-controls="teach-part"
          tabIndex={one === part ? 0 : -1}
          data-testid={`show-part-${one}`}
          onClick={() => onShow(one)}
        >
          {PART_NAMES[one]}
          {one === "check" && warnings > 0 && (
            <span class="badge-count">
              {warnings}
              <span class="visually-hidden">{warnings === 1 ? " warning" : " warnings"}</span>
            </span>
          )}
        </button>
      ))}
    </div>
  );
}
