/** What can be saved of the timeline. */
import { Download } from "lucide-preact";
import { useSignal } from "@preact/signals";
import { closeMenu, MenuButton } from "../../ui/menu_button.tsx";
import { REPLAY_MS } from "./model.ts";
import type { StripProps } from "./parts.ts";
import { lengthWords, NOT_LOADED, notSaved } from "./words.ts";

/** A way to save it. */
type Way = "clip" | "film" | "csv" | "png";

/** The button with its menu; the code of an export is loaded when it is first wanted. */
export function ExportMenu({ model, ports, layers }: StripProps) {
  const busy = useSignal(false);
  const chosen = model.chosen.value;
  const part = chosen === null
    ? `the last ${lengthWords(REPLAY_MS)}`
    : `the chosen ${lengthWords(chosen.toMs - chosen.fromMs)}`;
  const ways: readonly (readonly [Way, string])[] = [
    ["clip", "Keep as a clip"],
    ["film", "Save as a film (MP4)"],
    ["csv", "Save the numbers (CSV)"],
    ["png", "Save the drawing (PNG)"],
  ];
  const save = async (way: Way) => {
    busy.value = true;
    try {
      const exports = await import("./exports.ts").catch(() => null);
      if (exports === null) ports.say(NOT_LOADED);
      else await exports.saveTimeline(way, model, ports);
    } catch (error) {
      ports.say(notSaved(error));
    } finally {
      busy.value = false;
    }
  };
  return (
    <MenuButton
      layers={layers}
      id="timeline-exports"
      label={busy.value ? "Saving…" : `Save ${part}`}
      icon={<Download aria-hidden="true" />}
      class="icon-button"
      testid="timeline-exports"
    >
      <p class="muted small">Save {part}. Drag over the timeline to choose another part.</p>
      <div class="menu-actions" onClick={({ currentTarget }) => closeMenu(currentTarget)}>
        {ways.map(([way, words]) => (
          <button
            key={way}
            type="button"
            class="button"
            disabled={busy.value}
            data-testid={`timeline-${way}`}
            onClick={() => void save(way)}
          >
            {words}
          </button>
        ))}
      </div>
    </MenuButton>
  );
}
