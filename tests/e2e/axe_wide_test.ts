/** WCAG 2.2 AA on every view in a wide, dark window. */
import { testEveryView } from "./_axe.ts";

testEveryView({ width: 1280, height: 800, colorScheme: "dark" });
