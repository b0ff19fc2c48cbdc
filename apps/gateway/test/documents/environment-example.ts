import type { PlatformManifest } from "@hermes/core";
import { gatewayKeys, type KeyFact } from "../../src/config/keys.ts";
import { platformBindings } from "../../src/config/instances.ts";
import { platformKeys } from "../../src/config/platform-keys.ts";

const keys: readonly KeyFact[] = [...platformKeys, ...gatewayKeys];

interface Variable {
  readonly name: string;
  readonly description: string;
}

/** A `.env` file that names every variable there is, each switched off: what the packages say of themselves, in one place. */
export function environmentExample(manifests: readonly PlatformManifest[]): string {
  const general = gatewayKeys.flatMap((key: KeyFact) =>
    key.environment === undefined ? [] : [{ name: key.environment, description: key.description }],
  );
  const sections = [
    section("The gateway", general),
    ...manifests.map((manifest) => section(manifest.name, variablesOf(manifest))).filter((text) => text !== ""),
  ];
  return [heading, ...sections].join("\n");
}

const heading = `# Copy what you need into ~/.hermes/.env (readable by nobody else) and fill it in. An empty variable counts as not set.
# What else can be set, and how it goes together with config.yaml: apps/gateway/README.md
`;

/** The platform's own variables, and those that every platform has. */
function variablesOf(manifest: PlatformManifest): readonly Variable[] {
  // Who comes by one of the gateway's own doors has shown a credential: nobody has to be let in there.
  const isDoor = manifest.paths !== undefined || manifest.environment.length === 0;
  const bindings = platformBindings(manifest.kind, manifest);
  return (isDoor ? bindings.slice(0, manifest.environment.length) : bindings).map(({ name, path }) => {
    const own = manifest.environment.find((variable) => variable.name === name);
    return { name, description: own?.description ?? descriptionOf(path.slice(2).join(".")) };
  });
}

function descriptionOf(key: string): string {
  const found = keys.find((fact) => fact.key === key)?.description;
  if (found === undefined) throw new Error(`Nothing describes the key ${key}`);
  return found;
}

function section(title: string, variables: readonly Variable[]): string {
  if (variables.length === 0) return "";
  return [`# ── ${title}`, ...variables.flatMap(({ name, description }) => [`# ${description}`, `# ${name}=`]), ""].join("\n");
}
