import { systemClock } from "@hermes/core";
import type { PlatformOutcome } from "../../config/platform-section.ts";
import { GatewayError } from "../../config/problem.ts";
import { didYouMean } from "../../config/suggest.ts";
import { printable } from "../../log/printable.ts";
import { createRedactor } from "../../log/redactor.ts";
import { checkPlatforms, type PlatformCheck } from "../../platforms/check-platforms.ts";
import { asJson } from "../ledger/as-json.ts";
import { loadOwnConfiguration } from "../load.ts";

/** `hermes platform check [id]`: the exit code is 0 where all is well, and 1 where a platform would not work. */
export async function checkConfiguredPlatforms(id: string | undefined, { json }: { readonly json?: true }): Promise<void> {
  const { configuration } = await loadOwnConfiguration();
  const redactor = createRedactor();
  for (const secret of configuration.secrets) redactor.add(secret);
  const checks = await checkPlatforms(chosen(configuration.platforms, id), systemClock);
  process.stdout.write(redactor.redact(json === true ? asJson(checks) : showChecks(checks)));
  if (checks.some(({ state }) => state === "failed")) process.exitCode = 1;
}

function chosen(platforms: readonly PlatformOutcome[], id: string | undefined): readonly PlatformOutcome[] {
  const found = platforms.filter((platform) => id === undefined || platform.id === id);
  if (id === undefined || found.length > 0) return found;
  const ids = platforms.map((platform) => platform.id);
  const known = ids.length === 0 ? "none is" : `there ${ids.length === 1 ? "is" : "are"} ${ids.join(", ")}`;
  throw new GatewayError(`No platform "${id}" is configured: ${known}.${didYouMean(id, ids)}`, { exitCode: 78 });
}

const words: Readonly<Record<PlatformCheck["state"], string>> = { ok: "ok", skipped: "not asked", failed: "does not work" };

/** A paragraph for each platform; what to do stands indented below what is wrong. */
export function showChecks(checks: readonly PlatformCheck[]): string {
  if (checks.length === 0) return "No platform is configured.\n";
  const lines = checks.flatMap((check) => [
    `${check.id}: ${words[check.state]}. ${check.summary}.`,
    ...(check.state === "failed" ? check.remedy.split("\n").map((line) => `    ${line}`) : []),
  ]);
  return `${lines.map(printable).join("\n")}\n`;
}
