/** What of the page is open, shown or hidden: signals that no feature owns. */
import { type Signal, signal } from "@preact/signals";
import { createRef, type RefObject } from "preact";

/** The state of the page around its models. */
export interface PageState {
  readonly present: Signal<boolean>;
  readonly helpOpen: Signal<boolean>;
  /** The panel that is open beside the picture, or null. */
  readonly drawer: Signal<string | null>;
  /** Revision of the view whose map was found not to depend on its class, or null. */
  readonly blindView: Signal<number | null>;
  /** The field that opens the browser's file dialog. */
  readonly fileField: RefObject<HTMLInputElement>;
}

/** How the page begins. */
export interface PageStart {
  readonly present: boolean;
  readonly drawer: string | null;
}

/** Makes it; everything else begins closed. */
export function createPageState({ present, drawer }: PageStart): PageState {
  return {
    present: signal(present),
    helpOpen: signal(false),
    drawer: signal(drawer),
    blindView: signal<number | null>(null),
    fileField: createRef<HTMLInputElement>(),
  };
}
