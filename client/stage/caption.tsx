import { mapIsSigned } from "../controls/display_panel.tsx";
import { unitOf } from "../controls/view_state.ts";
import type { Page } from "../page.ts";
import { shortLabel } from "../predictions/labels.ts";
import { logits } from "../ui/format.ts";
import { gradientOf } from "./gradient.ts";
import { statusWords } from "./map_status.ts";

const LEGEND_WORDS = {
  logits: "What the colours mean, in logits: the unit of the network's scores",
  probability: "What the colours mean, as shares of 1: by how much the probability drops",
  brightness: "How bright a px of this picture of the network is",
};

/** Under the stage: what the colours mean in numbers, and how the map stands. */
export function Caption({ page }: { readonly page: Page }) {
  const status = page.session.status.value;
  const target = page.session.board.state.value.target;
  const label = target === null ? "the class" : shortLabel(target.label);
  return (
    <div class="caption">
      <Legend page={page} />
      <span class="state" data-kind={status.kind}>
        {statusWords(status, label)}
      </span>
      {status.kind === "growing" && (
        <progress
          class="progress"
          max="1"
          value={status.progress}
          aria-label="Share of the map that is computed"
        />
      )}
    </div>
  );
}

function Legend({ page }: { readonly page: Page }) {
  const signed = mapIsSigned(page);
  const { current } = page.session.view.value;
  const unit = unitOf(current, page.session.welcome.value?.methods ?? []);
  const { colormap } = page.settings.value;
  const scale = page.session.scale.value;
  const name = signed ? "diverging" : colormap;
  const [low, high] = scale === null
    ? ["–", "–"]
    : signed
    ? [logits(-scale.logits), `+${logits(scale.logits)}`]
    : ["0", logits(scale.logits)];
  return (
    <div class="legend" title={LEGEND_WORDS[unit]}>
      <span class="number">{low}</span>
      <span class="gradient" style={{ backgroundImage: gradientOf(name, !signed && name === "diverging") }} />
      <span class="number">{high}</span>
      <span class="muted">{unit}</span>
      {scale?.moving === true && <span class="muted small">scale is adapting</span>}
    </div>
  );
}
