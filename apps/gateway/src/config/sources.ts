import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseEnvironmentFile } from "./env-file.ts";
import type { Environment } from "./environment.ts";
import { parseJsonFile } from "./json-file.ts";
import type { Problem } from "./problem.ts";
import { readConfigurationFile } from "./read-file.ts";
import type { Setting } from "./setting.ts";
import { respell } from "./spellings.ts";
import { substitute } from "./substitute.ts";
import { Variables } from "./variables.ts";

/** What the files of a home and the environment say, before anything is checked. */
export interface Sources {
  readonly home: string;
  readonly variables: Variables;
  /** Under our spelling, `${NAME}` replaced; the weaker file first. */
  readonly files: readonly (readonly Setting[])[];
  readonly warnings: readonly Problem[];
}

/** The directory everything of one gateway lives in. */
export function homeOf(environment: Environment): string {
  const named = environment["HERMES_HOME"]?.trim() ?? "";
  return named === "" ? join(homedir(), ".hermes") : resolve(named);
}

/** Reads `gateway.json`, `config.yaml` and `.env`. Nothing is written, and nothing becomes part of the process's environment. */
export async function readSources(environment: Environment): Promise<Sources> {
  const home = homeOf(environment);
  const warnings: Problem[] = [];
  const read = async (name: string): Promise<string> => {
    const path = join(home, name);
    const file = await readConfigurationFile(path);
    if (file?.exposed === true) warnings.push(exposed(path));
    return file?.text ?? "";
  };
  const [env, yaml, json] = await Promise.all([read(".env"), read("config.yaml"), read("gateway.json")]);
  const envFile = parseEnvironmentFile(env, ".env");
  for (const line of envFile.malformedLines) warnings.push(malformed(line));
  const variables = new Variables(environment, envFile.entries);
  const toOurs = (setting: Setting): Setting => respell(filled(setting, variables));
  const yamlSettings = yaml.trim() === "" ? [] : (await import("./yaml-file.ts")).parseYamlFile(yaml, "config.yaml");
  const jsonSettings = json.trim() === "" ? [] : parseJsonFile(json, "gateway.json");
  return { home, variables, files: [jsonSettings.map(toOurs), yamlSettings.map(toOurs)], warnings };
}

function filled(setting: Setting, variables: Variables): Setting {
  if (setting.value === undefined) return setting;
  return { ...setting, ...substitute(setting.value, (name) => variables.get(name)) };
}

function exposed(path: string): Problem {
  return { message: `${path} may be read by other users of this machine`, remedy: `Run \`chmod 600 ${path}\`.` };
}

function malformed(line: number): Problem {
  return {
    message: `.env:${line} is neither \`NAME=value\` nor a comment and is left out`,
    remedy: "Mend the line or remove it.",
  };
}
