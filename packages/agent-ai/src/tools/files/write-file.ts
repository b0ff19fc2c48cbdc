import { z } from "zod";
import type { Tool } from "../../tool.ts";
import { defineTool, done } from "../define-tool.ts";
import type { Reach } from "./open-inside.ts";
import { writeInside } from "./write-inside.ts";

const input = z.strictObject({
  path: z.string().min(1).max(4096),
  content: z.string().describe("All that the file is to hold."),
});

/** Writes a whole file. Repeatable: what it holds afterwards does not depend on what it held before. */
export function writeFileTool(reach: Reach): Tool {
  return defineTool({
    name: "write_file",
    set: "files",
    description:
      "Writes a whole text file, and the folders it stands in. What it held before is gone; use patch to change a part of it.",
    input,
    title: ({ path }) => `Write ${path}`,
    effect: "repeatable",
    async run({ path, content }) {
      await writeInside(path, content, reach);
      return done(`${path} is written: ${Buffer.byteLength(content)} bytes.`);
    },
  });
}
