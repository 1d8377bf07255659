/** One thing to do on the page: keys, buttons, tooltips, menus and the help are made from it. */
export interface Action {
  readonly id: string;
  /** What it does, for tooltips and the help. */
  readonly name: string;
  /** What it does now, for screen readers; reads signals. */
  readonly label: () => string;
  /** Its single key, or null. */
  readonly key: string | null;
  /** Whether it can be done now; reads signals. */
  readonly when: () => boolean;
  readonly run: () => void;
}

/** Makes an action whose label is its name; without `when` it can always be done. */
export function action(
  id: string,
  key: string | null,
  name: string,
  run: () => void,
  when: () => boolean = () => true,
): Action {
  return { id, key, name, label: () => name, run, when };
}
