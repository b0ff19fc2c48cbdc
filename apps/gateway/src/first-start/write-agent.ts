import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { GatewayError } from "../config/problem.ts";
import { readConfigurationFile } from "../config/read-file.ts";
import { replaceFile } from "../files/replace-file.ts";
import { makeHome } from "../home.ts";
import { asYaml, withMainAgent, type Section } from "./edit-yaml.ts";

/**
 * Makes this section the agent of a home, in its `config.yaml`; what else stands there stays as it is.
 *
 * @throws GatewayError with the lines to write where the file cannot be changed without losing something.
 */
export async function writeAgent(home: string, section: Section): Promise<void> {
  await makeHome(home);
  const path = join(home, "config.yaml");
  const file = await readConfigurationFile(path);
  const text = withMainAgent(file?.text ?? "", section);
  if (text === undefined) {
    throw new GatewayError(
      `${path} cannot be changed without losing something of it. Put this there yourself, in place of what it says of the agent:\n${asYaml(section).trimEnd()}`,
      { exitCode: 78 },
    );
  }
  // A link stays one: people keep their configuration elsewhere.
  await replaceFile(file === undefined ? path : await realpath(path), text);
}
