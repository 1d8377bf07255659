/** Views beside the picture, as a feature describes its own. */
import type { ComponentType } from "preact";

/** A view beside the picture; its code is loaded when it is first opened. */
export interface Panel<Ports extends object> {
  readonly id: string;
  /** Heading of the view, and the name of its action behind "Show". */
  readonly title: string;
  /** What its button in the menu says, where the title is too long for it. */
  readonly short?: string;
  /** Its single key. */
  readonly key: string;
  readonly load: () => Promise<{ readonly Panel: ComponentType<Ports> }>;
}
