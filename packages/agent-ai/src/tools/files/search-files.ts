import { join } from "node:path";
import { lstat } from "node:fs/promises";
import type { Clock } from "@hermes/core";
import { z } from "zod";
import type { Tool } from "../../tool.ts";
import { asData } from "../as-data.ts";
import { isBinary } from "../clean-text.ts";
import { defineTool, done, failed } from "../define-tool.ts";
import { matchesPathGlob } from "../glob.ts";
import { openInside, type Reach } from "./open-inside.ts";
import { readBytes } from "./read-text.ts";
import { realPathInside, realRoots } from "./roots.ts";
import { walk } from "./walk.ts";

const maxResults = 200;
const maxFileBytes = 2 * 1024 * 1024;
const maxTimeMs = 10_000;
const shownLine = 300;

const input = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe("Names of files, or paths: * stands for characters, ** for folders. `*.ts`, `src/**/*.ts`."),
  text: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .describe("Text that stands in one line of them, exactly; it is no regular expression."),
  folder: z.string().max(4096).optional().describe("Where to look. Default: the first root."),
  ignore_case: z.boolean().optional().describe("Whether capital and small letters of the text are the same. Default false."),
});

/**
 * Finds files by name and by a text in them. No regular expressions: one that takes for ever is soon written. Every file is waited for,
 * so that a search never stops what else goes on.
 */
export function searchFilesTool(reach: Reach, clock: Clock): Tool {
  return defineTool({
    name: "search_files",
    set: "files",
    description:
      "Finds files by their names, and lines of text in them. Folders of version control and of installed packages are left out.",
    input,
    title: ({ name, text }) =>
      `Search ${[name, text === undefined ? undefined : `“${text}”`].filter((part) => part !== undefined).join(" for ")}`,
    effect: "none",
    async run(wanted, { signal }) {
      if (wanted.name === undefined && wanted.text === undefined) return failed("Say a `name`, a `text` or both.");
      const roots = await realRoots(reach.roots);
      const folder = await realPathInside(wanted.folder ?? roots[0] ?? ".", roots);
      if (!(await lstat(folder)).isDirectory()) return failed(`${wanted.folder} is no folder.`);
      const found: string[] = [];
      const untilMs = clock.now() + maxTimeMs;
      let stopped = "";
      for await (const path of walk(folder, reach.denied, signal)) {
        if (clock.now() > untilMs) stopped = `The search took longer than ${maxTimeMs / 1000} s and was stopped.`;
        if (found.length >= maxResults) stopped = `There may be more than these ${maxResults}.`;
        if (stopped !== "") break;
        if (wanted.name !== undefined && !fits(path, wanted.name)) continue;
        if (wanted.text === undefined) found.push(path);
        else found.push(...(await linesWith(join(folder, path), path, wanted.text, wanted.ignore_case ?? false, reach)));
      }
      if (found.length === 0) return done(`Nothing was found. ${stopped}`.trim(), "nothing");
      const shown = found.slice(0, maxResults);
      return done(`${asData(`search in ${folder}`, shown.join("\n"))}\n${stopped}`.trim(), `${shown.length} found`);
    },
  });
}

function fits(path: string, pattern: string): boolean {
  const isPath = pattern.includes("/");
  return matchesPathGlob(
    isPath ? pattern.replace(/^\.?\//u, "") : pattern,
    isPath ? path : path.slice(path.lastIndexOf("/") + 1),
  );
}

async function linesWith(
  real: string,
  path: string,
  text: string,
  ignoreCase: boolean,
  reach: Reach,
): Promise<readonly string[]> {
  const bytes = await readQuietly(real, reach);
  if (bytes === undefined || isBinary(bytes)) return [];
  const fold = (line: string): string => (ignoreCase ? line.toLowerCase() : line);
  const wanted = fold(text);
  const content = new TextDecoder().decode(bytes);
  if (!fold(content).includes(wanted)) return [];
  const lines = content.split("\n").entries();
  return [...lines]
    .filter(([, line]) => fold(line).includes(wanted))
    .slice(0, maxResults)
    .map(([index, line]) => `${path}:${index + 1}: ${line.trim().slice(0, shownLine)}`);
}

/** The bytes of a file that may be searched; undefined for one that is too large, gone or not to be read. */
async function readQuietly(real: string, reach: Reach): Promise<Uint8Array | undefined> {
  try {
    await using file = await openInside(real, reach);
    return file.stats.size > maxFileBytes ? undefined : await readBytes(file, maxFileBytes);
  } catch {
    // A search goes on past what it cannot read.
    return undefined;
  }
}
