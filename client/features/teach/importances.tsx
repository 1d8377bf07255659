import type { TaughtHead, Why } from "../../../shared/teach_wire.ts";
import { type BarRow, Bars } from "../../plots/mod.ts";
import { ChannelButton } from "./channel_button.tsx";
import { importanceRows } from "./channel_rows.ts";
import type { WhyModel } from "./why_model.ts";

/** The channels that a forest's questions are about most. */
export function Importances({ model, importances, why }: {
  readonly model: WhyModel;
  readonly importances: TaughtHead["importances"];
  readonly why: Why | null;
}) {
  if (importances.length === 0) return null;
  return (
    <Bars
      caption="The channels that its questions are about most, with how much the trees differ"
      heads={{ name: "Channel", value: "Importance" }}
      rows={importanceRows(importances)}
      signed={false}
      beside={(row: BarRow) => <ChannelButton model={model} channel={Number(row.key)} why={why} />}
      testid="importances"
    />
  );
}
