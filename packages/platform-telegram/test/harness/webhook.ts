import type { PlatformBench } from "@hermes/testkit/conformance";

/** What Telegram sends with each update. */
export const secret = "FAKE-WEBHOOK-SECRET-FOR-TESTS";

const header = "x-telegram-bot-api-secret-token";
let updates = 500_000;

/** Updates as Telegram delivers them, and others. */
export function webhookOf(mode: "polling" | "webhook", doorUrl: string): Pick<PlatformBench, "webhook"> {
  if (mode === "polling") return {};
  return {
    webhook: {
      signed: "header",
      genuine(text) {
        updates += 1;
        const chat = { id: 42, type: "private", first_name: "Ada" };
        const from = { id: 42, is_bot: false, first_name: "Ada" };
        const update = { update_id: updates, message: { message_id: 800, date: 1_767_225_600, chat, from, text } };
        const headers = { "content-type": "application/json", [header]: secret };
        return new Request(doorUrl, { method: "POST", headers, body: JSON.stringify(update) });
      },
      forged: {
        "no secret": {},
        "an empty secret": { [header]: "" },
        "another secret": { [header]: "FAKE-SECRET-OF-SOMEBODY-ELSE" },
        "the secret cut short": { [header]: secret.slice(0, -1) },
        "the secret and more": { [header]: `${secret}x` },
        "the secret in other letters": { [header]: secret.toLowerCase() },
        "the secret under another name": { authorization: `Bearer ${secret}` },
      },
    },
  };
}
