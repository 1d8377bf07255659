import { Bars } from "./bars.tsx";
import { count } from "./numbers.ts";

/** Properties of votes. */
export interface VotesProps {
  readonly classes: readonly string[];
  /** How many trees, or neighbours, name each class. */
  readonly votes: readonly number[];
  /** Who votes, in words: "trees". */
  readonly voters: string;
}

/** How trees or neighbours vote, most votes first. */
export function Votes({ classes, votes, voters }: VotesProps) {
  const all = votes.reduce((sum, one) => sum + one, 0);
  const rows = votes.map((value, place) => ({
    key: `${place}`,
    name: classes[place] ?? `${place}`,
    value,
    place,
  }));
  return (
    <Bars
      caption={`How ${count(all)} ${voters} vote`}
      heads={{ name: "Class", value: "Votes" }}
      rows={rows}
      signed={false}
      write={count}
      testid="votes"
    />
  );
}
