/** Starts the page. */
import { computed } from "@preact/signals";
import { render } from "preact";
import { App } from "./app/app.tsx";
import { createPage } from "./app/create_page.ts";
import { ShortcutsContext } from "./ui/action_button.tsx";

const root = document.querySelector("#app");
if (root === null) throw new Error("Cannot start the page: index.html has no #app");
const { page, start } = createPage();
const shortcuts = computed(() => page.settings.value.shortcuts);
render(
  <ShortcutsContext.Provider value={shortcuts}>
    <App page={page} />
  </ShortcutsContext.Provider>,
  root,
);
start();
