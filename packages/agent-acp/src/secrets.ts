import type { AcpConfiguration } from "./configuration.ts";
import { oneLine } from "./plain-text.ts";

const secretName = /key|token|secret|passw|credential|auth|cookie|private|dsn/iu;
/** A shorter value stands in ordinary text, too: to conceal it would garble the log. */
const shortestSecret = 6;

/** Whether a variable or a header by this name holds what nobody may see. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** Every value in a configuration that must not be shown. */
export function secretsOf({ environment, mcpServers }: Pick<AcpConfiguration, "environment" | "mcpServers">): readonly string[] {
  const found = new Set<string>();
  const look = (values: Readonly<Record<string, string>> = {}, isSecret = isSecretName): void => {
    for (const [name, value] of Object.entries(values)) if (isSecret(name) && value.length >= shortestSecret) found.add(value);
  };
  look(environment);
  for (const server of Object.values(mcpServers)) {
    if ("url" in server) look(server.headers, () => true);
    else look(server.environment);
  }
  // The longest first: one may hold another.
  return [...found].sort((one, other) => other.length - one.length);
}

/** Takes secrets out of what a process said, and makes one short line of it. */
export type Redact = (text: string, maxLength?: number) => string;

/** What takes these secrets out. */
export function createRedaction(secrets: readonly string[]): Redact {
  return (text, maxLength = 300) => {
    // A secret across the cut would be told by half.
    const shorter = text.slice(0, 100_000);
    return oneLine(
      secrets.reduce((left, secret) => left.replaceAll(secret, "[concealed]"), shorter),
      maxLength,
    );
  };
}
