import { z } from "zod";
import { isServerName, isUserId } from "./identifiers.ts";

const homeserver = z
  .string()
  .refine(
    (address) => isBaseUrl(address) || isServerName(address),
    "Expected a homeserver's address, such as https://matrix.example.org, or the server's name, such as example.org",
  )
  .transform((address) => address.replace(/\/+$/u, ""));

const token = z.string().regex(/^[!-~]{1,4096}$/u, "Expected a token without spaces, as the homeserver gave it");

const deviceId = z.string().regex(/^[!-~]{1,255}$/u, "Expected a device id, such as ABCDEFGHIJ");

/** What a Matrix bot needs to be configured with. */
export const configurationSchema = z
  .strictObject({
    userId: z
      .string()
      .refine(isUserId, "Expected the bot's full user id, such as @hermes:example.org")
      .describe("The bot's account."),
    homeserver: homeserver
      .optional()
      .describe("Address of the homeserver, or its name, which is looked up. Default: the server in the user id."),
    accessToken: token.optional().describe("The bot's access token. Needed unless there is a password."),
    refreshToken: token.optional().describe("Renews the access token where the homeserver lets it expire."),
    password: z.string().min(1).max(4096).optional().describe("The bot's password. Needed unless there is an access token."),
    deviceId: deviceId.optional().describe("The device to log in as. Default: the homeserver names one, which is remembered."),
    invites: z
      .enum(["allowed", "all", "none"])
      .optional()
      .describe("Whose invitations are followed: of people who may talk to the bot, everybody's, nobody's. Default allowed."),
    receipts: z.boolean().optional().describe("Shows people what the bot has read. Default true."),
    messageType: z
      .enum(["notice", "text"])
      .optional()
      .describe(
        "What the bot's messages are: notices, which no other bot answers, or texts, which notify people. Default notice.",
      ),
  })
  .superRefine((value, context) => {
    const fail = (key: string, message: string): void => context.addIssue({ code: "custom", path: [key], message });
    if (value.accessToken === undefined && value.password === undefined) {
      fail("accessToken", "Expected `accessToken`, or `password` to log in with");
    }
    if (value.refreshToken !== undefined && value.accessToken === undefined) {
      fail("refreshToken", "Expected `accessToken` beside it: the two belong together");
    }
  });

export type MatrixConfiguration = z.output<typeof configurationSchema>;

function isBaseUrl(address: string): boolean {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return false;
  return url.username === "" && url.password === "" && url.search === "" && url.hash === "";
}
