import { realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { loadConfiguration, type Configuration, type ConfigurationInput } from "../config/configuration.ts";
import { GatewayError, isGatewayError } from "../config/problem.ts";
import { readConfigurationFile } from "../config/read-file.ts";
import { replaceFile } from "../files/replace-file.ts";
import { makeHome } from "../home.ts";
import { asYaml, withMainAgent, type Section } from "./edit-yaml.ts";

/**
 * Makes this section the agent of a home, in its `config.yaml`; what else stands there stays as it is. Where the gateway could not start
 * with it, because a variable that it names holds no key, everything stays as it was.
 *
 * @returns the configuration from now on.
 * @throws GatewayError with what is wrong, or with the lines to write where the file cannot be changed without losing something.
 */
export async function writeAgent(home: string, section: Section, input: ConfigurationInput): Promise<Configuration> {
  await makeHome(home);
  const named = join(home, "config.yaml");
  const file = await readConfigurationFile(named);
  const text = withMainAgent(file?.text ?? "", section);
  if (text === undefined) {
    throw new GatewayError(
      `${named} cannot be changed without losing something of it. Put this there yourself, in place of what it says of the agent:\n${asYaml(section).trimEnd()}`,
      { exitCode: 78 },
    );
  }
  // A link stays one: people keep their configuration elsewhere.
  const path = file === undefined ? named : await realpath(named);
  await replaceFile(path, text);
  try {
    return await loadConfiguration(input);
  } catch (error) {
    await (file === undefined ? rm(path) : replaceFile(path, file.text));
    if (!isGatewayError(error)) throw error;
    const why = `It cannot answer, and ${named} stays as it was: ${error.message}`;
    throw new GatewayError(why, { exitCode: error.exitCode, cause: error });
  }
}
