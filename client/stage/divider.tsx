import { ChevronsLeftRight } from "lucide-preact";
import type { Signal } from "@preact/signals";

/** Step of the arrow keys, as a share of the square. */
const STEP = 0.05;

/** Where the heatmap ends: a handle on the square that is dragged or moved with the arrow keys, and stays there. */
export function Divider({ wipe }: { readonly wipe: Signal<number> }) {
  const share = wipe.value;
  const shown = Math.round(share * 100);
  const move = (to: number) => wipe.value = Math.min(1, Math.max(0, Math.round(to * 100) / 100));
  return (
    <div class="divider-rail">
      <div class="divider" data-rests={share >= 1} style={{ left: `${share * 100}%` }}>
        {share < 1 && (
          <>
            <span class="divider-word with">with</span>
            <span class="divider-word without">without</span>
          </>
        )}
        <div
          class="grip"
          role="slider"
          tabIndex={0}
          aria-label="Heatmap up to here, from the left"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={shown}
          aria-valuetext={share >= 1 ? "over the whole picture" : `${shown} % of the picture`}
          title="Drag: the picture with and without its heatmap (double click: all of it)"
          data-testid="divider"
          onKeyDown={(event) => {
            const to = target(event.key, share);
            if (to === null) return;
            event.preventDefault();
            event.stopPropagation();
            move(to);
          }}
        >
          <ChevronsLeftRight aria-hidden="true" />
        </div>
      </div>
    </div>
  );
}

/** Where a key moves the divider, or null. */
function target(key: string, share: number): number | null {
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return share - STEP;
    case "ArrowRight":
    case "ArrowUp":
      return share + STEP;
    case "Home":
      return 0;
    case "End":
      return 1;
    default:
      return null;
  }
}
