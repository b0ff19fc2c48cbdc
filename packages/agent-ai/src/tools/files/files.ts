import type { Clock } from "@hermes/core";
import type { Tool } from "../../tool.ts";
import { sensitiveNames } from "../sensitive-names.ts";
import type { FilesConfiguration } from "./configuration.ts";
import { patchTool } from "./patch.ts";
import { readFileTool } from "./read-file.ts";
import { searchFilesTool } from "./search-files.ts";
import { sendFileTool } from "./send-file.ts";
import { writeFileTool } from "./write-file.ts";

/** The tools for files below some roots. */
export function fileTools(roots: readonly string[], { denied = [] }: FilesConfiguration, clock: Clock): readonly Tool[] {
  const reach = { roots, denied: [...sensitiveNames, ...denied] };
  return [readFileTool(reach), writeFileTool(reach), patchTool(reach), searchFilesTool(reach, clock), sendFileTool(reach)];
}
