import type { PlatformBench } from "@hermes/testkit/conformance";
import { signed, type SlackServer } from "../server.ts";

let messages = 0;

/** Requests as Slack makes them, and others. */
export function webhookOf(mode: "socket" | "http", doorUrl: string, server: SlackServer): Pick<PlatformBench, "webhook"> {
  if (mode === "socket") return {};
  const secret = server.signingSecret;
  const json = { "content-type": "application/json" };
  const nowMs = (): number => server.nowMs();
  const genuine = signed("{}", secret, nowMs());
  return {
    webhook: {
      signed: "body",
      genuine(text) {
        messages += 1;
        const ts = `1767225600.${String(messages).padStart(6, "0")}`;
        const event = { type: "message", channel: "D0ADA", channel_type: "im", user: "U0ADA", ts, text };
        const body = JSON.stringify(server.envelope("T0ONE", event));
        return new Request(doorUrl, { method: "POST", headers: { ...json, ...signed(body, secret, nowMs()) }, body });
      },
      forged: {
        "no signature": json,
        "an empty signature": { ...json, ...genuine, "x-slack-signature": "" },
        "the signature of another body": { ...json, ...signed("another body", secret, nowMs()) },
        "the signature with another secret": { ...json, ...signed("{}", "another0secret0of0somebody00000", nowMs()) },
        "the signature cut short": {
          ...json,
          ...genuine,
          "x-slack-signature": (genuine["x-slack-signature"] ?? "").slice(0, -1),
        },
        "the signature of another version": {
          ...json,
          ...genuine,
          "x-slack-signature": (genuine["x-slack-signature"] ?? "").replace("v0", "v1"),
        },
        "the secret itself": { ...json, ...genuine, "x-slack-signature": `v0=${secret}` },
        "a time long ago": { ...json, ...signed("{}", secret, nowMs() - 301_000) },
        "a time to come": { ...json, ...signed("{}", secret, nowMs() + 301_000) },
        "no time": { ...json, "x-slack-signature": genuine["x-slack-signature"] ?? "" },
      },
    },
  };
}
