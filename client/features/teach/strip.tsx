import type { TeachModel } from "./model.ts";
import { pictureUrl } from "./server.ts";
import type { OpenCollection } from "./teach_state.ts";

/** Newest pictures that the strip of a class shows where there is room for them. */
const STRIP = 3;

/** Properties of the strip. */
export interface StripProps {
  readonly model: TeachModel;
  readonly open: OpenCollection;
  readonly classKey: string;
  /** The class's name. */
  readonly name: string;
}

/** The newest pictures of a class: a press shows all of them. */
export function Strip({ model, open, classKey, name }: StripProps) {
  const newest = open.pictures.filter((picture) => picture.class === classKey).slice(-STRIP).toReversed();
  if (newest.length === 0) return null;
  return (
    <button
      type="button"
      class="strip"
      aria-label={`See all pictures of ${name}`}
      title="See all pictures"
      data-testid="strip"
      onClick={() => model.review({ kind: "class", classKey })}
    >
      {newest.map(({ id }) => <img key={id} src={pictureUrl(open.id, id)} alt="" width={40} height={40} />)}
    </button>
  );
}
