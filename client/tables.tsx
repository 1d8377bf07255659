/** Starts the page on which tables are explained: `/tables`. */
import { render } from "preact";
import { httpTables } from "./tables/api.ts";
import { TablesModel } from "./tables/model.ts";
import { TablesPage } from "./tables/page.tsx";

const root = document.querySelector("#app");
if (root === null) throw new Error("Cannot start the page: tables.html has no #app");
const model = new TablesModel(httpTables, localStorage);
render(<TablesPage model={model} />, root);
void model.start();
