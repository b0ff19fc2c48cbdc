import { completeCapabilities, type ConfigurationIssue, type PlatformManifest } from "@hermes/core";
import { capabilityTable, type ExampleOptions } from "./example.ts";

/** What stands in the section of `config.yaml`. */
export type ExampleConfiguration = Omit<ExampleOptions, "id">;

const known = ["token", "secret", "apiRoot"];
const needed = ["token", "secret"];

/** Facts about Example that are read without loading the rest. */
export const manifest: PlatformManifest<ExampleConfiguration> = {
  apiVersion: 1,
  kind: "example",
  name: "Example",
  description: "Talk to the agent on Example.",
  documentationUrl: "https://example.com",
  capabilities: completeCapabilities(capabilityTable),
  configuration: { "~standard": { version: 1, vendor: "example", validate } },
  configurationJsonSchema: {
    type: "object",
    properties: Object.fromEntries(known.map((key) => [key, { type: "string" }])),
    required: needed,
    additionalProperties: false,
  },
  secrets: ["token", "secret"],
  environment: [
    { name: "EXAMPLE_TOKEN", key: "token", description: "The bot's token." },
    { name: "EXAMPLE_SECRET", key: "secret", description: "What Example sends with each delivery." },
  ],
  setup: [
    { key: "token", prompt: "Token", help: "Make a bot at https://example.com and copy its token.", secret: true },
    { key: "secret", prompt: "Secret", help: "Make one: openssl rand -hex 32", secret: true },
  ],
  display: "full",
  parseUserId: (text) => /^[\w-]{1,64}$/u.exec(text.trim())?.[0],
  parseTarget(text) {
    const chatId = /^[\w-]{1,64}$/u.exec(text.trim())?.[0];
    return chatId === undefined ? undefined : { chatId };
  },
  async load(id, configuration) {
    const { example } = await import("./example.ts");
    return example({ id, ...configuration });
  },
};

function validate(value: unknown) {
  const given = (typeof value === "object" && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  const issues: ConfigurationIssue[] = [
    ...Object.keys(given).flatMap((key) =>
      known.includes(key) ? [] : [{ path: [key], message: `Expected one of ${known.join(", ")}` }],
    ),
    ...known.flatMap((key) => {
      const isGood = (typeof given[key] === "string" && given[key] !== "") || (given[key] === undefined && !needed.includes(key));
      return isGood ? [] : [{ path: [key], message: "Expected a text that is not empty" }];
    }),
  ];
  return issues.length > 0 ? { issues } : { value: given as unknown as ExampleConfiguration };
}
