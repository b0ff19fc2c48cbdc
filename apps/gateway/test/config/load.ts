import type { PlatformManifest } from "@hermes/core";
import { loadConfiguration, type Configuration } from "../../src/config/configuration.ts";
import type { Environment } from "../../src/config/environment.ts";
import { describeProblem } from "../../src/config/problem.ts";
import { createFindManifest } from "../../src/platforms/find-manifest.ts";
import { temporaryHome } from "../temporary-home.ts";
import { acme } from "./acme-manifest.ts";

export const kinds: Readonly<Record<string, () => Promise<PlatformManifest>>> = {
  acme: () => Promise.resolve({ ...acme, parseRoleId: (text) => (/^role-\d+$/u.test(text) ? text.slice(5) : undefined) }),
  absent: () => Promise.reject(Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" })),
  faulty: () =>
    Promise.resolve({
      ...acme,
      kind: "faulty",
      environment: [],
      parseUserId: () => {
        throw new Error("broken");
      },
      configuration: {
        "~standard": {
          version: 1,
          vendor: "test",
          validate(value) {
            throw new TypeError(`Cannot read ${JSON.stringify(value)}`);
          },
        },
      },
    }),
  other: () =>
    Promise.resolve({
      ...acme,
      kind: "other",
      name: "Other",
      environment: [],
      parseUserId: (text) => (/^[a-z]+$/u.test(text) ? text : undefined),
    }),
};

/** The configuration of a fresh home with these files, under this environment alone. */
export async function load(files: Readonly<Record<string, string>>, environment: Environment = {}): Promise<Configuration> {
  const home = await temporaryHome(files);
  return loadConfiguration({
    environment: { HERMES_HOME: home, ...environment },
    findManifest: (directory) => createFindManifest(kinds, directory),
    officialKinds: Object.keys(kinds),
  });
}

/** What keeps the gateway from starting with these files; fails when nothing does. */
export async function loadFailure(files: Readonly<Record<string, string>>, environment: Environment = {}): Promise<string> {
  const result = await load(files, environment).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(result instanceof Error)) throw new Error("It was expected to be refused");
  return result.message;
}

export function warningsOf(configuration: Configuration): readonly string[] {
  return configuration.warnings.map(describeProblem);
}

/** What is wrong with one platform, or its state where nothing is. */
export function outcomeOf(configuration: Configuration, id: string): string {
  const platform = configuration.platforms.find((candidate) => candidate.id === id);
  if (platform === undefined) return "absent";
  return platform.state === "broken" ? platform.problems.map(describeProblem).join("\n") : platform.state;
}

/** What a platform was given by the configuration. */
export function sectionOf(configuration: Configuration, id: string): unknown {
  const platform = configuration.platforms.find((candidate) => candidate.id === id);
  return platform?.state === "usable" ? platform.configuration : undefined;
}
