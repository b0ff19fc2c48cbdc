import { layerConfiguration, type LayeredConfiguration } from "../config/configuration.ts";
import { gatewayKeys } from "../config/keys.ts";
import { configurationError, describeProblem } from "../config/problem.ts";
import { showSetting } from "../config/read-key.ts";
import { describeSource, keyOf, type Setting } from "../config/setting.ts";
import { didYouMean } from "../config/suggest.ts";
import { printable } from "../log/printable.ts";
import { configurationInput } from "./load.ts";

/** `hermes config explain [key]`. */
export async function explainConfig(key: string | undefined): Promise<void> {
  const layered = await layerConfiguration(configurationInput());
  process.stdout.write(explain(layered, key));
  for (const warning of layered.warnings) process.stderr.write(`${printable(describeProblem(warning))}\n`);
}

/**
 * Every key at or under `key` with its value, what set it and what that overrode.
 *
 * @throws GatewayError for a key that nothing sets and nothing knows.
 */
export function explain(layered: LayeredConfiguration, key: string | undefined): string {
  const winners = layered.merged.under(key === undefined ? [] : key.split("."));
  const show = (setting: Setting): string => printable(showSetting(setting, layered.secretKeys.has(keyOf(setting.path))));
  const blocks = winners.map(({ setting, overridden }) => {
    const lines = [`${keyOf(setting.path)} = ${show(setting)}`, `    from ${describeSource(setting.source)}`];
    for (const beaten of overridden) {
      const name = keyOf(beaten.path) === keyOf(setting.path) ? "" : `${keyOf(beaten.path)} = `;
      lines.push(`    over ${name}${show(beaten)} from ${describeSource(beaten.source)}`);
    }
    if (setting.missing !== undefined) lines.push(`    but the variable ${setting.missing} is not set`);
    return `${lines.join("\n")}\n`;
  });
  if (blocks.length > 0 || key === undefined) return blocks.join("");
  return unset(layered, key);
}

function unset(layered: LayeredConfiguration, key: string): string {
  const known = gatewayKeys.find((fact) => fact.key === key);
  if (known !== undefined) return `${key} is not set. ${known.description}\n`;
  if (layered.merged.has(key.split(".")) || key.startsWith("platforms.")) return `${key} is not set.\n`;
  const candidates = [
    ...gatewayKeys.map((fact) => fact.key),
    ...layered.merged.under([]).map(({ setting }) => keyOf(setting.path)),
  ];
  throw configurationError([
    { key, message: "there is no such key", remedy: `\`hermes config explain\` lists them.${didYouMean(key, candidates)}` },
  ]);
}
