import { logits } from "../../ui/format.ts";
import type { NameOf } from "../../view/labels.ts";
import type { Drawing } from "./drawing.ts";
import type { NetworkModel } from "./network_model.ts";
import { NetworkPicture } from "./network_picture.tsx";

/** Properties of the section. */
export interface NetworkSectionProps {
  readonly model: NetworkModel;
  readonly nameOf: NameOf;
}

/** The network drawn, with what its parts mean. */
export function NetworkSection({ model, nameOf }: NetworkSectionProps) {
  const drawing = model.drawing.value;
  const status = model.status.value;
  const target = drawing?.target ?? null;
  const name = target === null ? null : nameOf(target.index, target.label);
  return (
    <section aria-labelledby="inside-network" class="network" data-testid="network">
      <h3 id="inside-network">The network at work</h3>
      {status.kind === "problem" && <p role="alert" class="small">{status.words}</p>}
      {drawing === null
        ? status.kind === "waiting" && <p class="muted" role="status">Waiting for the first picture…</p>
        : (
          <>
            <p class="muted small">{introOf(drawing, name)}</p>
            <NetworkPicture
              drawing={drawing}
              target={name}
              enlarged={model.enlarged.value}
              onToggle={(layer, channel) => model.toggleChannel(layer, channel)}
            />
            <p class="muted small">{legendOf(drawing)}</p>
          </>
        )}
    </section>
  );
}

function introOf({ measure }: Drawing, name: string | null): string {
  const start =
    "Each small picture is one channel of a stage, a detector: bright where it finds its pattern.";
  return measure === "contribution"
    ? `${start} Drawn are those that count most for ${name ?? "the class"}; press one to enlarge it.`
    : `${start} Drawn are the most active ones, as this model's head has no gradient: nobody can say what a channel adds to ${
      name ?? "a class"
    }.`;
}

function legendOf({ measure, scale }: Drawing): string {
  return measure === "contribution"
    ? `A line is as thick as what one channel adds to the score through the next, the thickest ${
      logits(scale)
    } logits; a dashed one speaks against the class. The percentage is the part of a stage's evidence that the drawn channels hold: the rest is spread over its other channels. The last stage is exact, the others are estimates.`
    : `A line is as thick as the part of a channel's activity that comes from the one before, the thickest ${
      logits(scale)
    }; a dashed one holds it back. The percentage is the part of a stage's activity that the drawn channels hold.`;
}
