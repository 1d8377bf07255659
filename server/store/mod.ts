export { type DatabaseOptions, openDatabase } from "./database.ts";
