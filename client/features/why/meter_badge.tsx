import {
  meterTitle,
  type MeterVerdict,
  meterVerdict,
  meterWords,
  type SmallMeter,
} from "../../../shared/small_meter.ts";
import { percent } from "../../ui/format.ts";

/** Marks that differ in shape, so that no colour has to be told apart. */
const MARKS: Readonly<Record<MeterVerdict, string>> = { good: "●", doubtful: "○" };

/** The small meter: whether hiding where the map is strong costs more than hiding as much elsewhere. */
export function MeterBadge({ meter }: { readonly meter: SmallMeter | null }) {
  if (meter === null) {
    return (
      <span class="meter-badge muted" data-testid="meter" title="Measured while the engine has time for it">
        <span aria-hidden="true">○</span> this map: not measured yet
      </span>
    );
  }
  const verdict = meterVerdict(meter);
  return (
    <span class="meter-badge" data-testid="meter" data-verdict={verdict} title={meterTitle(meter, percent)}>
      <span aria-hidden="true">{MARKS[verdict]}</span> this map: {meterWords(verdict)}
    </span>
  );
}
