import { isPlatformError, type CheckResult } from "@hermes/core";
import type { UserFromGetMe, WebhookInfo } from "grammy/types";
import type { Api } from "./api.ts";
import { telegramApiRoot, type TelegramConfiguration } from "./configuration.ts";

/** Is the token good, and is the bot set up as the gateway needs it? Loads grammY and calls the Bot API. */
export async function check(configuration: TelegramConfiguration, signal: AbortSignal): Promise<CheckResult> {
  const { openApi } = await import("./api.ts");
  const { token, apiRoot = telegramApiRoot, proxy, richMessages: rich = true, drafts = true } = configuration;
  const api = await openApi({ platform: "telegram", token, apiRoot, proxy, features: { rich, drafts } });
  try {
    const bot = await api.getMe(signal);
    const webhook = await api.getWebhookInfo(signal);
    if (apiRoot !== telegramApiRoot) await api.probe(signal);
    return webhookFault(bot, webhook, configuration) ?? { ok: true, summary: summaryOf(bot, webhook, api, configuration) };
  } catch (error) {
    if (!isPlatformError(error)) throw error;
    return { ok: false, summary: error.message, remedy: remedyFor(error.failure.kind) };
  } finally {
    api.close();
  }
}

/** Why nothing would arrive in webhook mode, if that is so. */
function webhookFault(
  { username }: UserFromGetMe,
  { url = "", last_error_message: lastError }: WebhookInfo,
  { mode, webhook }: TelegramConfiguration,
): CheckResult | undefined {
  if (mode !== "webhook") return undefined;
  if (url === "" && webhook?.url === undefined) {
    return {
      ok: false,
      summary: `@${username} answers, but no webhook is set, so nothing arrives`,
      remedy: "Set `webhook.url` to the https address at which Telegram reaches this gateway",
    };
  }
  // An address that is about to be set anew says nothing about the one that failed.
  if (lastError === undefined || url === "" || (webhook?.url !== undefined && webhook.url !== url)) return undefined;
  return {
    ok: false,
    summary: `@${username} answers, but Telegram's latest delivery failed: ${lastError.slice(0, 200)}`,
    remedy:
      "See that the gateway runs, that `webhook.url` leads to it over https, and that `webhook.secret` is the one that was set",
  };
}

function summaryOf(
  bot: UserFromGetMe,
  webhook: WebhookInfo,
  api: Pick<Api, "features">,
  configuration: TelegramConfiguration,
): string {
  const { mode = "polling", apiRoot = telegramApiRoot, richMessages = true, drafts = true } = configuration;
  const pending = webhook.pending_update_count;
  const facts = [
    `@${bot.username} answers`,
    groupsOf(bot),
    ...(bot.has_topics_enabled ? ["its private chats have topics"] : []),
    ...(bot.supports_inline_queries ? ["inline mode is on, but inline queries are not answered (/setinline at @BotFather)"] : []),
    ...(mode === "polling" && (webhook.url ?? "") !== "" ? ["a webhook is set, which polling will take away"] : []),
    ...(pending > 0 ? [`${pending} ${pending === 1 ? "update waits" : "updates wait"}`] : []),
    ...(apiRoot === telegramApiRoot ? [] : [`it is served by ${new URL(apiRoot).host}`]),
    ...(richMessages && !api.features.rich
      ? ["that server knows no rich messages: headings become bold, tables are aligned text"]
      : []),
    ...(drafts && !api.features.drafts ? ["that server knows no drafts: answers grow by edits"] : []),
  ];
  return facts.join("; ");
}

function groupsOf({ can_join_groups: mayJoin, can_read_all_group_messages: seesAll }: UserFromGetMe): string {
  if (!mayJoin) return "it cannot be added to groups (/setjoingroups at @BotFather changes that)";
  if (seesAll) return "in groups it sees every message";
  return (
    "in groups it sees commands, mentions and replies (privacy mode is on; /setprivacy at @BotFather changes that, " +
    "and after that the bot has to be added to each group again)"
  );
}

function remedyFor(kind: string): string {
  if (kind === "unauthorized") return "Get the token from @BotFather (/mybots, API Token) and set TELEGRAM_BOT_TOKEN or `token`";
  if (kind === "rate-limited") return "Telegram asks for patience: try again in a minute";
  return "Check that this machine reaches the Bot API server, and `apiRoot` if it is set";
}
