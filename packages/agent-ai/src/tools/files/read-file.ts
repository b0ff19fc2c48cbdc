import { z } from "zod";
import type { Tool } from "../../tool.ts";
import { asData } from "../as-data.ts";
import { headOf } from "../clean-text.ts";
import { defineTool, done, failed } from "../define-tool.ts";
import { openInside, type Reach } from "./open-inside.ts";
import { readText } from "./read-text.ts";

const maxBytes = 10 * 1024 * 1024;
const shownCharacters = 60_000;
const defaultLimit = 2000;

const input = z.strictObject({
  path: z.string().min(1).max(4096),
  offset: z.number().int().min(1).optional().describe("The first line to read; the first of the file is 1."),
  limit: z.number().int().min(1).max(10_000).optional().describe("How many lines. Default 2000."),
});

/** Reads lines of a text file. */
export function readFileTool(reach: Reach): Tool {
  return defineTool({
    name: "read_file",
    set: "files",
    description: "Reads lines of a text file, each with its number in front.",
    input,
    title: ({ path }) => `Read ${path}`,
    effect: "none",
    async run({ path, offset = 1, limit = defaultLimit }) {
      await using file = await openInside(path, reach);
      const text = await readText(file, path, maxBytes);
      if (text === "") return done(`${path} is empty.`);
      const lines = text.split("\n");
      if (lines.at(-1) === "") lines.pop();
      if (offset > lines.length) return failed(`${path} has ${lines.length} lines: there is none from ${offset} on.`);
      const chosen = lines.slice(offset - 1, offset - 1 + limit);
      const numbered = chosen.map((line, index) => `${offset + index}\t${line}`).join("\n");
      const last = offset + chosen.length - 1;
      const range = `lines ${offset} to ${last} of ${lines.length}`;
      return done(asData(`${path}, ${range}`, headOf(numbered, shownCharacters)), range);
    },
  });
}
