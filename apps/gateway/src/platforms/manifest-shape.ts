import type { AgentManifest, PlatformManifest } from "@hermes/core";
import type { PackageKind } from "./third-party.ts";

const functions = ["parseUserId", "parseTarget", "load"] as const;
const lists = ["secrets", "environment", "setup"] as const;

/**
 * Whether what a package exports as `manifest` is one: a stranger's package may have been built against anything.
 *
 * @returns what is wrong with it, or undefined.
 */
function manifestFault(value: unknown): string | undefined {
  const manifest = partsOf(value);
  const common = commonFault(manifest);
  if (manifest === undefined || common !== undefined) return common;
  const missingFunction = functions.find((name) => typeof manifest[name] !== "function");
  if (missingFunction !== undefined) return `its manifest has no function \`${missingFunction}\``;
  const missingList = lists.find((name) => !Array.isArray(manifest[name]));
  if (missingList !== undefined) return `its manifest has no list \`${missingList}\``;
  return undefined;
}

function agentFault(value: unknown): string | undefined {
  const manifest = partsOf(value);
  const common = commonFault(manifest);
  if (manifest === undefined || common !== undefined) return common;
  if (typeof manifest["load"] !== "function") return "its manifest has no function `load`";
  return Array.isArray(manifest["secrets"]) ? undefined : "its manifest has no list `secrets`";
}

function partsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? { ...value } : undefined;
}

function commonFault(manifest: Readonly<Record<string, unknown>> | undefined): string | undefined {
  if (manifest === undefined) return "exports no `manifest`";
  if (manifest["apiVersion"] !== 1) return "its manifest is not of `apiVersion` 1";
  if (typeof manifest["kind"] !== "string" || !/^[a-z][a-z0-9-]{0,31}$/u.test(manifest["kind"])) {
    return "its manifest's `kind` is not a short name in lower case";
  }
  if (typeof manifest["name"] !== "string") return "its manifest has no `name`";
  if (!hasValidate(manifest["configuration"])) return "its manifest's `configuration` is no Standard Schema";
  return undefined;
}

/** Packages of platforms. */
export const platformPackages: PackageKind<PlatformManifest> = {
  kind: "platform",
  example: "@acme/hermes-platform-zulip",
  fault: manifestFault,
  is: (value): value is PlatformManifest => manifestFault(value) === undefined,
};

/** Packages of agents. */
export const agentPackages: PackageKind<AgentManifest> = {
  kind: "agent",
  example: "@acme/hermes-agent-oracle",
  fault: agentFault,
  is: (value): value is AgentManifest => agentFault(value) === undefined,
};

function hasValidate(schema: unknown): boolean {
  if ((typeof schema !== "object" && typeof schema !== "function") || schema === null || !("~standard" in schema)) return false;
  const standard = schema["~standard"];
  return typeof standard === "object" && standard !== null && "validate" in standard && typeof standard.validate === "function";
}
