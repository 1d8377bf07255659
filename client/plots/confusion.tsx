import { ClassMark } from "./class_legend.tsx";
import { count, share } from "./numbers.ts";

/** Properties of a confusion matrix. */
export interface ConfusionProps {
  readonly classes: readonly string[];
  /** [actual][predicted]: rows. */
  readonly counts: readonly (readonly number[])[];
  /** What is counted, in words: "rows". */
  readonly many: string;
  /** Opens what a cell holds; without it cells are no buttons. */
  readonly onCell?: (actual: number, predicted: number) => void;
}

/** Which class is taken for which: rows are what is true, columns what the head says. */
export function Confusion({ classes, counts, many, onCell }: ConfusionProps) {
  return (
    <div
      class="plot plot-scroll"
      tabIndex={0}
      role="group"
      aria-label="Confusion matrix"
      data-testid="confusion"
    >
      <table class="confusion">
        <caption>
          Each line is what {many}{" "}
          are, each column what was said of them while they were not learnt from. Outlined cells are right.
        </caption>
        <thead>
          <tr>
            <td />
            {classes.map((name, place) => (
              <th scope="col" key={place}>
                <ClassMark place={place} /> said {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {counts.map((line, actual) => (
            <tr key={actual}>
              <th scope="row">
                <ClassMark place={actual} /> is {classes[actual] ?? actual}
              </th>
              {line.map((value, predicted) => (
                <Cell
                  key={predicted}
                  value={value}
                  part={value / Math.max(1, line.reduce((sum, one) => sum + one, 0))}
                  right={actual === predicted}
                  {...(onCell === undefined || value === 0
                    ? {}
                    : { onPress: () => onCell(actual, predicted) })}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CellProps {
  readonly value: number;
  /** Share of its line, 0…1. */
  readonly part: number;
  readonly right: boolean;
  readonly onPress?: () => void;
}

function Cell({ value, part, right, onPress }: CellProps) {
  const words = (
    <>
      {count(value)} {value > 0 && <span class="confusion-share">{share(part, 0)}</span>}
    </>
  );
  return (
    <td class="number" data-right={right} style={{ "--part": `${(60 * part).toFixed(1)}%` }}>
      {onPress === undefined
        ? words
        : <button type="button" class="link-button" onClick={onPress}>{words}</button>}
    </td>
  );
}
