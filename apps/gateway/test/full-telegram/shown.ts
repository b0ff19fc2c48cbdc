import { png } from "../../../../packages/platform-telegram/test/server.ts";

/** Pictures of which no two are alike. */
export const pictures = [png(320, 200, 3000), png(200, 320, 70_000), png(100, 100, 200)] as const;

/** A file of some size whose bytes differ. */
export const report = new TextEncoder().encode(Array.from({ length: 20_000 }, (_, index) => `${index},${index * 7}\n`).join(""));

/** A heading, prose, a table and a list: far more than one text of Telegram's holds. */
export const longAnswer = [
  "# The plan\n\n",
  ...Array.from(
    { length: 60 },
    (_, index) => `Paragraph ${index} says something about **step ${index}** and goes on for a while.\n\n`,
  ),
  "| step | who |\n|---|---|\n",
  ...Array.from({ length: 20 }, (_, index) => `| step ${index} | person ${index} |\n`),
  "\n- first\n- last\n\nThat is all.\n",
].join("");
