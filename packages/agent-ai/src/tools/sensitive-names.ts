import { matchesGlob } from "./glob.ts";

/**
 * Names of files and folders that commonly hold secrets, in the patterns of `matchesGlob` and in lower case. A path with one of them
 * anywhere in it is not read by the files set, and asked about in the terminal.
 */
export const sensitiveNames: readonly string[] = [
  ".env",
  ".env.*",
  ".envrc",
  "id_*",
  "*.pem",
  "*.p12",
  "*.pfx",
  "*.kdbx",
  "*.keystore",
  ".ssh",
  ".aws",
  ".azure",
  ".gcloud",
  ".gnupg",
  ".kube",
  ".docker",
  ".hermes",
  ".netrc",
  "_netrc",
  ".pgpass",
  ".my.cnf",
  ".npmrc",
  ".pypirc",
  ".git-credentials",
  ".password-store",
  ".*_history",
  "credentials",
  "credentials.*",
  "authorized_keys",
];

/** Looks like one of them, and holds no secret. */
const harmless: ReadonlySet<string> = new Set([".env.example", ".env.sample", ".env.template"]);

/** Whether a file or folder of this name is one that commonly holds secrets. Case does not count: on some systems it does not either. */
export function isSensitiveName(name: string, patterns: readonly string[] = sensitiveNames): boolean {
  const lower = name.toLowerCase();
  if (harmless.has(lower)) return false;
  return patterns.some((pattern) => matchesGlob(pattern.toLowerCase(), lower));
}
