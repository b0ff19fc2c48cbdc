import { z } from "zod";
import type { Tool } from "../../tool.ts";
import { asData } from "../as-data.ts";
import { defineTool, done, failed } from "../define-tool.ts";
import { nearestLines } from "./nearest-lines.ts";
import { openInside, type Reach } from "./open-inside.ts";
import { readText } from "./read-text.ts";
import { writeInside } from "./write-inside.ts";

const maxBytes = 2 * 1024 * 1024;

const input = z.strictObject({
  path: z.string().min(1).max(4096),
  old_text: z.string().min(1).describe("What stands there now, exactly, with as much around it as makes it unique."),
  new_text: z.string().describe("What is to stand there instead."),
  replace_all: z.boolean().optional().describe("Whether every place is changed instead of the only one. Default false."),
});

/** Changes a part of a file. Once: done again, it would find its own work, or change it further. */
export function patchTool(reach: Reach): Tool {
  return defineTool({
    name: "patch",
    set: "files",
    description: "Changes a part of a text file: a text that stands in it exactly once is replaced by another.",
    input,
    title: ({ path }) => `Change ${path}`,
    effect: "once",
    async run({ path, old_text, new_text, replace_all = false }) {
      if (old_text === new_text) return failed("`old_text` and `new_text` are the same: nothing would change.");
      const text = await readAll(path, reach);
      const places = text.split(old_text).length - 1;
      if (places === 0) {
        const near = nearestLines(text, old_text);
        const hint =
          near === undefined ? "Read the file first." : `Most like it is:\n${asData(`${path}, line ${near.line}`, near.text)}`;
        return failed(`\`old_text\` does not stand in ${path}, not in exactly these characters. ${hint}`);
      }
      if (places > 1 && !replace_all) {
        return failed(`\`old_text\` stands in ${path} ${places} times. Take more of what is around it, or set \`replace_all\`.`);
      }
      await writeInside(path, text.split(old_text).join(new_text), reach);
      return done(`${path} is changed in ${places} ${places === 1 ? "place" : "places"}.`);
    },
  });
}

async function readAll(path: string, reach: Reach): Promise<string> {
  await using file = await openInside(path, reach);
  return await readText(file, path, maxBytes);
}
