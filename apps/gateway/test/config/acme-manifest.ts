import { completeCapabilities, type Json, type PlatformManifest } from "@hermes/core";

export const schema: Json = {
  type: "object",
  properties: {
    token: { type: "string" },
    apiRoot: { type: "string" },
    mode: { enum: ["polling", "webhook"] },
    webhook: { type: "object", properties: { secret: { type: "string" }, url: { type: "string" } }, additionalProperties: false },
    labels: { type: "object", additionalProperties: { type: "string" } },
  },
  required: ["token"],
  additionalProperties: false,
};

/** A platform that takes a token and a mode, and whose user ids are whole numbers. */
export const acme: PlatformManifest = {
  apiVersion: 1,
  kind: "acme",
  name: "Acme",
  description: "A platform for tests.",
  documentationUrl: "https://example.com/acme",
  capabilities: completeCapabilities({
    text: { maxLength: 100, partsPerSend: 1, markdown: "none", tables: false },
    inbound: { replay: "none", windowMs: 0 },
  }),
  configuration: {
    "~standard": {
      version: 1,
      vendor: "test",
      validate(value) {
        const section = value as { readonly token?: unknown; readonly mode?: unknown };
        if (typeof section.token !== "string") return { issues: [{ message: "Expected a token.", path: ["token"] }] };
        if (section.mode !== undefined && section.mode !== "polling" && section.mode !== "webhook") {
          return { issues: [{ message: `Expected polling or webhook beside ${section.token}`, path: [{ key: "mode" }] }] };
        }
        return { value };
      },
    },
  },
  configurationJsonSchema: schema,
  secrets: ["token", "webhook.secret"],
  environment: [
    { name: "ACME_BOT_TOKEN", key: "token", description: "The bot's token." },
    { name: "ACME_MODE", key: "mode", description: "How updates come." },
  ],
  setup: [{ key: "token", prompt: "Token", help: "Ask the Acme office for one.", secret: true }],
  display: "full",
  parseUserId: (text) => (/^\d+$/u.test(text) ? text : undefined),
  parseTarget: (text) => (/^room-\d+$/u.test(text) ? { chatId: text } : undefined),
  load: () => Promise.reject(new Error("not loaded in these tests")),
};
