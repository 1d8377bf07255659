import { useSignal } from "@preact/signals";
import type { TaughtHead, Why } from "../../../shared/teach_wire.ts";
import { percent } from "../../ui/format.ts";
import { type BarRow, Bars } from "../../plots/mod.ts";
import { channelRows } from "./channel_rows.ts";
import { ChannelButton } from "./channel_button.tsx";
import type { WhyModel } from "./why_model.ts";

/** Properties of the drawing. */
export interface LinearDrawingProps {
  readonly model: WhyModel;
  readonly head: TaughtHead;
  readonly why: Why | null;
}

/** What each channel adds to a class in the picture of now, and the largest weights. */
export function LinearDrawing({ model, head, why }: LinearDrawingProps) {
  const chosen = useSignal<string | null>(null);
  const top = why?.classes.toSorted((a, b) => b.probability - a.probability)[0]?.key;
  const key = chosen.value ?? top ?? head.classes[0]?.key;
  const place = Math.max(0, head.classes.findIndex((one) => one.key === key));
  const name = head.classes[place]?.name ?? "";
  const { now, weights } = channelRows(head, why, place);
  const beside = (row: BarRow) => <ChannelButton model={model} channel={Number(row.key)} why={why} />;
  const sides = { minus: { words: `against ${name}` }, plus: { words: `for ${name}`, place } };
  const heads = { name: "Channel", value: "Adds" };
  return (
    <>
      {head.kept !== null && (
        <p class="small">
          {head.kept.of} → {head.kept.dimensions} dimensions, {percent(head.kept.share)} of what differs kept.
        </p>
      )}
      <label class="option">
        <span>For the class</span>
        <span class="select">
          <select
            value={key}
            data-testid="drawn-class"
            onChange={({ currentTarget }) => chosen.value = currentTarget.value}
          >
            {head.classes.map((one) => <option key={one.key} value={one.key}>{one.name}</option>)}
          </select>
        </span>
      </label>
      {now.length > 0 && (
        <Bars
          caption="What counts in the picture of now"
          heads={heads}
          rows={now}
          signed
          sides={sides}
          beside={beside}
          testid="contributions"
        />
      )}
      <Bars
        caption="What counts in general: the largest weights"
        heads={{ name: "Channel", value: "Weight" }}
        rows={weights}
        signed
        sides={sides}
        beside={beside}
        testid="weights"
      />
    </>
  );
}
