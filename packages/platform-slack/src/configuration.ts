import { z } from "zod";

/** Slack's own Web API. */
export const slackApiRoot = "https://slack.com/api";

const token = z
  .string()
  .trim()
  .regex(
    /^xox[bpe](?:\.xox[bp])?-[\w.-]{8,400}$/u,
    "Expected a bot token as Slack gives it (OAuth & Permissions), such as xoxb-1234…",
  );

const tokens = z
  .union([z.array(z.string()), z.string()])
  .transform((given) =>
    (typeof given === "string" ? given.split(",") : given).map((one) => one.trim()).filter((one) => one !== ""),
  )
  .pipe(z.array(token).min(1, "Expected at least one bot token").max(100, "Expected at most 100 bot tokens"));

const prompt = z.union([
  z.string().min(1).max(200),
  z.strictObject({ title: z.string().min(1).max(200), message: z.string().min(1).max(2000) }),
]);

/** What a Slack app needs to be configured with. */
export const configurationSchema = z
  .strictObject({
    token: token.optional().describe("The bot token of one workspace."),
    tokens: tokens.optional().describe("The bot tokens of several workspaces in which the same app is installed."),
    appToken: z
      .string()
      .trim()
      .regex(/^xapp-[\w-]{8,400}$/u, "Expected an app-level token with the scope connections:write, such as xapp-1-A1234…")
      .optional()
      .describe("The app-level token, for Socket Mode."),
    signingSecret: z
      .string()
      .trim()
      .regex(/^[\w-]{16,200}$/u, "Expected the signing secret from Basic Information")
      .optional()
      .describe("What Slack signs its requests with, for the HTTP mode."),
    mode: z.enum(["socket", "http"]).optional().describe("How events arrive. Default socket where there is an app token."),
    apiRoot: z
      .string()
      .refine(isApiRoot, "Expected the address of a Web API, such as https://slack.com/api, without user, query or fragment")
      .transform((address) => address.replace(/\/+$/u, ""))
      .optional()
      .describe("Another Web API, such as https://slack-gov.com/api. Default https://slack.com/api."),
    replyInThread: z.boolean().optional().describe("In channels, answer a mention in a thread below it. Default true."),
    streaming: z.boolean().optional().describe("In threads, show answers while they are written, as streams. Default true."),
    unfurlLinks: z.boolean().optional().describe("Show previews of links in answers. Default false."),
    commandName: z
      .string()
      .regex(/^[a-z][a-z0-9_-]{0,30}$/u, "Expected the name of a slash command without its slash, such as hermes")
      .optional()
      .describe("The slash command that takes all others: /hermes status. Default hermes."),
    suggestedPrompts: z
      .array(prompt)
      .max(4, "Expected at most four prompts: Slack shows no more")
      .optional()
      .describe("Up to four prompts that an assistant thread begins with."),
  })
  .superRefine((value, context) => {
    const issue = (path: string, message: string): void => context.addIssue({ code: "custom", path: [path], message });
    if (value.token === undefined && value.tokens === undefined) issue("token", "Expected a bot token (or several, as `tokens`)");
    if (value.token !== undefined && value.tokens !== undefined) issue("tokens", "Expected either `token` or `tokens`");
    const mode = modeOf(value);
    if (mode === undefined) issue("appToken", "Expected an app token (Socket Mode) or a signing secret (HTTP)");
    if (mode === "socket" && value.appToken === undefined)
      issue("appToken", "Expected an app token: Socket Mode does not run without one");
    if (mode === "http" && value.signingSecret === undefined) {
      issue("signingSecret", "Expected the signing secret: without it nobody knows who is calling");
    }
  });

export type SlackConfiguration = z.output<typeof configurationSchema>;

/** How events arrive; undefined where nothing says so. */
export function modeOf(value: Pick<SlackConfiguration, "mode" | "appToken" | "signingSecret">): "socket" | "http" | undefined {
  if (value.mode !== undefined) return value.mode;
  if (value.appToken !== undefined) return "socket";
  return value.signingSecret === undefined ? undefined : "http";
}

/** Every bot token, each once. */
export function tokensOf({ token, tokens = [] }: Pick<SlackConfiguration, "token" | "tokens">): readonly string[] {
  return [...new Set(token === undefined ? tokens : [token, ...tokens])];
}

function isApiRoot(address: string): boolean {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return false;
  return url.username === "" && url.password === "" && url.search === "" && url.hash === "";
}
