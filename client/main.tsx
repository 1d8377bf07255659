/** Starts the page. */
import { render } from "preact";
import { App } from "./app/app.tsx";
import { createPage } from "./app/page.ts";

const root = document.querySelector("#app");
if (root === null) throw new Error("Cannot start the page as index.html has no #app");
const page = createPage();
render(<App page={page} />, root);
page.start();
