import { completeCapabilities, type Json, type PlatformManifest } from "@hermes/core";
import { z } from "zod";
import { capabilityTable } from "./capabilities.ts";
import { configurationSchema, type MatrixConfiguration } from "./configuration.ts";
import { isEventId, isRoomAlias, isRoomId, isUserId } from "./identifiers.ts";

/** Facts about Matrix; reading them loads no SDK. */
export const manifest: PlatformManifest<MatrixConfiguration> = {
  apiVersion: 1,
  kind: "matrix",
  name: "Matrix",
  description:
    "Talk to the agent through an account on a Matrix homeserver, in direct chats, rooms and threads without encryption.",
  documentationUrl: "https://spec.matrix.org/latest/client-server-api/",
  capabilities: completeCapabilities(capabilityTable),
  configuration: configurationSchema,
  configurationJsonSchema: z.toJSONSchema(configurationSchema, { io: "input" }) as Json,
  secrets: ["accessToken", "refreshToken", "password"],
  environment: [
    { name: "MATRIX_USER_ID", key: "userId", description: "The bot's account, such as @hermes:example.org." },
    { name: "MATRIX_HOMESERVER", key: "homeserver", description: "Address of the homeserver, or its name." },
    { name: "MATRIX_ACCESS_TOKEN", key: "accessToken", description: "The bot's access token." },
    { name: "MATRIX_REFRESH_TOKEN", key: "refreshToken", description: "Renews the access token." },
    { name: "MATRIX_PASSWORD", key: "password", description: "The bot's password, to log in with." },
    { name: "MATRIX_DEVICE_ID", key: "deviceId", description: "The device to log in as." },
    { name: "MATRIX_INVITES", key: "invites", description: "Whose invitations are followed: allowed, all or none." },
  ],
  setup: [
    {
      key: "userId",
      prompt: "User id of the bot",
      help: "Register an account for the bot on your homeserver. Its id stands in the account's settings, such as @hermes:example.org.",
      secret: false,
    },
    {
      key: "homeserver",
      prompt: "Homeserver",
      help: "The address that clients use, such as https://matrix.example.org, or the part of the user id behind the colon.",
      secret: false,
    },
    {
      key: "password",
      prompt: "Password of the bot",
      help: "The gateway logs in as a device of its own, and remembers it. Where people log in through a browser, use an access token instead.",
      secret: true,
    },
  ],
  promptHint: "You are talking on Matrix: Markdown is shown, tables included; a message may hold about 15,000 characters.",
  display: "reduced",
  parseUserId(text) {
    const id = shared(text);
    return isUserId(id) ? id : undefined;
  },
  parseTarget(text) {
    // No room's id and no server's name holds a `$`, so that the first one behind a colon begins a thread.
    const written = shared(text);
    const at = written.indexOf(":$");
    const chatId = at < 0 ? written : written.slice(0, at);
    const threadId = at < 0 ? undefined : written.slice(at + 1);
    if (!isRoomId(chatId) && !isRoomAlias(chatId)) return undefined;
    if (threadId === undefined) return { chatId, type: "group" };
    return isEventId(threadId) ? { chatId, threadId, type: "group" } : undefined;
  },
  async check(configuration, signal) {
    const { check } = await import("./check.ts");
    return check(configuration, signal);
  },
  async load(id, configuration) {
    const { matrix } = await import("./matrix.ts");
    return matrix({ id, ...configuration });
  },
};

/** What somebody wrote, or what is behind a link that clients give to share a person or a room: `https://matrix.to/#/…?via=…`. */
function shared(text: string): string {
  const [, inLink] = /^https:\/\/matrix\.to\/#\/([^?/]*)(?:\?.*)?$/u.exec(text.trim()) ?? [];
  if (inLink === undefined) return text.trim();
  try {
    return decodeURIComponent(inLink);
  } catch {
    // With a broken escape it leads nowhere.
    return inLink;
  }
}
