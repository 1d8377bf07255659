import type { InsideHead } from "../../../shared/inside.ts";
import { logits } from "../../ui/format.ts";
import type { NameOf } from "../../view/labels.ts";

/** Properties of the list. */
export interface TopChannelsProps {
  readonly contributions: InsideHead["contributions"];
  /** The channel that lies over the picture, or null. */
  readonly selected: number | null;
  readonly nameOf: NameOf;
  readonly onToggle: (channel: number) => void;
}

/** Which channels speak for and against the class, the strongest first. */
export function TopChannels({ contributions, selected, nameOf, onToggle }: TopChannelsProps) {
  if (contributions === null) {
    return <p class="muted" role="status">Waiting for the first picture…</p>;
  }
  const { target, top, total, exact } = contributions;
  const largest = Math.max(...top.map(({ value }) => Math.abs(value)), Number.MIN_VALUE);
  const label = nameOf(target.index, target.label);
  return (
    <div data-testid="top-channels" data-class={target.index}>
      <p class="muted small">
        {exact
          ? `What each channel adds to the score of ${label}, in logits: its weight times its mean. All channels together add ${
            signedLogits(total)
          }; the score is ${logits(target.logit)}.`
          : `What ${label} would lose without the channel, in logits: gradient times activation, summed over the positions. An estimate, good for small changes.`}
      </p>
      <ol class="top-channels">
        {top.map(({ channel, value }) => (
          <li key={channel}>
            <button
              type="button"
              class="top-channel"
              aria-label={`Channel ${channel}, ${signedLogits(value)} logits`}
              aria-pressed={channel === selected}
              onClick={() => onToggle(channel)}
            >
              <span class="number">{channel}</span>
              <span class="signed-bar" data-negative={value < 0}>
                <span style={{ width: `${Math.abs(value) / largest * 50}%` }} />
              </span>
              <span class="number">{signedLogits(value)}</span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

function signedLogits(value: number): string {
  return value > 0 ? `+${logits(value)}` : logits(value);
}
