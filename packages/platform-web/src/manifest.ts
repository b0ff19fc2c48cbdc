import { completeCapabilities, type Json, type PlatformManifest } from "@hermes/core";
import { z } from "zod";
import { capabilityTable } from "./capabilities.ts";
import { configurationSchema, ownDoorSchema, type WebConfiguration } from "./configuration.ts";

/** Facts about the gateway's own door. The gateway opens one by itself; `load` is for those who mount it in a server of their own. */
export const manifest: PlatformManifest<WebConfiguration> = {
  apiVersion: 1,
  kind: "web",
  name: "Web",
  description: "Talk to the agent from programs and pages, by JSON-RPC 2.0 over a WebSocket.",
  documentationUrl: "https://www.jsonrpc.org/specification",
  capabilities: completeCapabilities(capabilityTable),
  configuration: configurationSchema,
  configurationJsonSchema: z.toJSONSchema(configurationSchema, { io: "input" }) as Json,
  secrets: ["token"],
  environment: [{ name: "WEB_TOKEN", key: "token", description: "Who shows it may do everything." }],
  setup: [{ key: "token", prompt: "Token", help: "Make one: openssl rand -hex 32", secret: true }],
  promptHint: "You are talking in a web page or a program: Markdown is shown in full.",
  display: "full",
  parseUserId: (text) => /^[A-Za-z0-9_-]{1,64}$/u.exec(text.trim())?.[0],
  parseTarget(text) {
    const chatId = /^[A-Za-z0-9_-]{1,64}(?:\.[A-Za-z0-9_-]{1,64})?$/u.exec(text.trim())?.[0];
    return chatId === undefined ? undefined : { chatId };
  },
  async load(id, configuration) {
    const { loadWebDoor } = await import("./mounted.ts");
    return loadWebDoor(id, configuration);
  },
};

/** The door that a gateway opens by itself: who comes by it shows one of the gateway's own credentials, and its section only bounds it. */
export const ownDoorManifest: PlatformManifest = {
  ...manifest,
  configuration: ownDoorSchema,
  configurationJsonSchema: z.toJSONSchema(ownDoorSchema, { io: "input" }) as Json,
  secrets: [],
  environment: [],
  setup: [],
  load: async () => {
    throw new TypeError("A gateway opens its own door by itself");
  },
};
