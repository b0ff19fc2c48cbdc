import { completeCapabilities, type Json, type PlatformManifest } from "@hermes/core";
import { z } from "zod";
import { capabilityTable } from "./capabilities.ts";
import { configurationSchema, type SlackConfiguration } from "./configuration.ts";
import { parseChannel } from "./place.ts";

/** Facts about Slack; reading them loads no SDK. */
export const manifest: PlatformManifest<SlackConfiguration> = {
  apiVersion: 1,
  kind: "slack",
  name: "Slack",
  description: "Talk to the agent through a Slack app, in direct messages, channels and threads, in one workspace or several.",
  documentationUrl: "https://docs.slack.dev/apis",
  capabilities: completeCapabilities(capabilityTable),
  configuration: configurationSchema,
  configurationJsonSchema: z.toJSONSchema(configurationSchema, { io: "input" }) as Json,
  secrets: ["token", "tokens", "appToken", "signingSecret"],
  environment: [
    {
      name: "SLACK_BOT_TOKEN",
      key: "tokens",
      as: "list",
      description: "The bot token (xoxb-…); of several workspaces, separated by commas.",
    },
    { name: "SLACK_APP_TOKEN", key: "appToken", description: "The app-level token (xapp-…) for Socket Mode." },
    { name: "SLACK_SIGNING_SECRET", key: "signingSecret", description: "What Slack signs its requests with, for the HTTP mode." },
    { name: "SLACK_MODE", key: "mode", description: "How events arrive: socket or http." },
    { name: "SLACK_REPLY_IN_THREAD", key: "replyInThread", as: "flag", description: "Answer mentions in a thread below them." },
    { name: "SLACK_BASE_URL", key: "apiRoot", description: "Another Web API." },
  ],
  setup: [
    {
      key: "tokens",
      prompt: "Bot token",
      help:
        "Open https://api.slack.com/apps, choose Create New App and From a manifest, paste the manifest from this platform's README, " +
        "install the app to the workspace, and copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions.",
      secret: true,
    },
    {
      key: "appToken",
      prompt: "App-level token",
      help: "In the app's Basic Information, under App-Level Tokens, generate one with the scope connections:write (xapp-…).",
      secret: true,
    },
  ],
  promptHint:
    "You are talking on Slack: Markdown is shown, people are written as <@U…> (they are notified only where that is allowed), " +
    "and answers in a channel stand in a thread.",
  display: "reduced",
  parseUserId(text) {
    return /^(?:<@)?([UW][A-Z0-9]{2,20})(?:\|[^>]*)?>?$/u.exec(text.trim())?.[1];
  },
  parseTarget(text) {
    const [, chatId = "", threadId] = /^([^:\s]+)(?::(\d{9,11}\.\d{6}))?$/u.exec(text.trim()) ?? [];
    const channel = parseChannel(chatId);
    if (channel === undefined) return undefined;
    return { chatId, ...(threadId === undefined ? {} : { threadId }), type: channel.type };
  },
  async check(configuration, signal) {
    const { check } = await import("./check.ts");
    return check(configuration, signal);
  },
  async load(id, configuration) {
    const { slack } = await import("./slack.ts");
    return slack({ id, ...configuration });
  },
};
