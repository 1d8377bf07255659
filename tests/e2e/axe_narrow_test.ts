/** WCAG 2.2 AA on every view in a narrow, light window. */
import { testEveryView } from "./_axe.ts";

testEveryView({ width: 360, height: 740, colorScheme: "light" });
