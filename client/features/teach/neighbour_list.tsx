import type { Neighbours } from "../../../shared/head_explanation.ts";
import { percent } from "../../ui/format.ts";
import { pictureUrl } from "./server.ts";

/** Properties of the list. */
export interface NeighbourListProps {
  readonly collection: string;
  /** Nearest first. */
  readonly neighbours: Neighbours["neighbours"];
  /** Names of the head's classes. */
  readonly classes: readonly string[];
}

/** The stored pictures that the picture of now looks like. */
export function NeighbourList({ collection, neighbours, classes }: NeighbourListProps) {
  if (neighbours.length === 0) return <p class="muted" role="status">Looking for similar pictures…</p>;
  return (
    <>
      <p>Because it looks like these:</p>
      <ol class="neighbours" data-testid="neighbours">
        {neighbours.map(({ id, label, distance }) => {
          const name = classes[label] ?? "";
          return (
            <li key={id}>
              <img src={pictureUrl(collection, Number(id))} alt={`A picture of ${name}`} />
              <span>{name}</span>
              <span class="number muted small">{percent(Math.max(0, 1 - distance))} alike</span>
            </li>
          );
        })}
      </ol>
    </>
  );
}
