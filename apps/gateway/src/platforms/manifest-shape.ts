import type { PlatformManifest } from "@hermes/core";

const functions = ["parseUserId", "parseTarget", "load"] as const;
const lists = ["secrets", "environment", "setup"] as const;

/**
 * Whether what a package exports as `manifest` is one: a stranger's package may have been built against anything.
 *
 * @returns what is wrong with it, or undefined.
 */
export function manifestFault(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return "exports no `manifest`";
  const manifest: Readonly<Record<string, unknown>> = { ...value };
  if (manifest["apiVersion"] !== 1) return "its manifest is not of `apiVersion` 1";
  if (typeof manifest["kind"] !== "string" || !/^[a-z][a-z0-9-]{0,31}$/u.test(manifest["kind"])) {
    return "its manifest's `kind` is not a short name in lower case";
  }
  if (typeof manifest["name"] !== "string") return "its manifest has no `name`";
  const missingFunction = functions.find((name) => typeof manifest[name] !== "function");
  if (missingFunction !== undefined) return `its manifest has no function \`${missingFunction}\``;
  const missingList = lists.find((name) => !Array.isArray(manifest[name]));
  if (missingList !== undefined) return `its manifest has no list \`${missingList}\``;
  if (!hasValidate(manifest["configuration"])) return "its manifest's `configuration` is no Standard Schema";
  return undefined;
}

/** Whether `value` is a manifest, as far as can be seen without running it. */
export function isManifest(value: unknown): value is PlatformManifest {
  return manifestFault(value) === undefined;
}

function hasValidate(schema: unknown): boolean {
  if ((typeof schema !== "object" && typeof schema !== "function") || schema === null || !("~standard" in schema)) return false;
  const standard = schema["~standard"];
  return typeof standard === "object" && standard !== null && "validate" in standard && typeof standard.validate === "function";
}
