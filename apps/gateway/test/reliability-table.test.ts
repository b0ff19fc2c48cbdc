import { readFileSync } from "node:fs";
import type { Capabilities, PlatformManifest } from "@hermes/core";
import { expect, it } from "vitest";
import { spanOf } from "./documents/platform-table.ts";
import { officialPlatforms } from "../src/official-platforms.ts";

const page = readFileSync(new URL("../../../docs/reliability.md", import.meta.url), "utf8");

function whileDown({ inbound }: Capabilities): string {
  if (inbound.replay === "none") return "are lost";
  return `come afterwards, for ${spanOf(inbound.windowMs)}`;
}

function whenInDoubt({ idempotentSend, lookup }: Capabilities): string {
  const drops = "is repeated, and the platform drops the repetition";
  if (idempotentSend === true) return drops;
  if (idempotentSend !== false)
    return `${drops}, for ${spanOf(idempotentSend.withinMs)}; later it is sent once more, with the mark`;
  return lookup ? "is asked for, and repeated only if it did not happen" : "is sent once more, with the mark";
}

function rowOf({ kind, name, capabilities }: PlatformManifest): string {
  return `| ${name} (\`${kind}\`) | ${whileDown(capabilities)} | ${whenInDoubt(capabilities)} |`;
}

it.each(Object.keys(officialPlatforms))("docs/reliability.md promises of %s what its package can keep", async (kind) => {
  const manifest = await officialPlatforms[kind]?.();
  expect(manifest).toBeDefined();
  if (manifest !== undefined) expect(page.split("\n")).toContain(rowOf(manifest));
});
