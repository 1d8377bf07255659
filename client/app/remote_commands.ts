/** Does what a remote asks for, as the keys of the page would. */
import type { RemoteCommand } from "../../shared/remote.ts";
import type { Page } from "./page.ts";

/** Carries a command out; what cannot be done now is left. */
export function doCommand(page: Page, command: RemoteCommand): void {
  switch (command.kind) {
    case "action": {
      const action = page.action(command.action);
      if (action.when()) action.run();
      return;
    }
    case "method": {
      const known = page.live.welcome.value?.methods.some(({ id }) => id === command.method) ?? false;
      if (known) page.view.setMethod(command.method);
      return;
    }
    case "class":
      return page.view.toggleClass(command.index);
    default: {
      const _never: never = command;
      return _never;
    }
  }
}
