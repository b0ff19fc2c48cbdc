import { BotApiError } from "../bot-api-error.ts";
import type { Invocation } from "./context.ts";

export function getUpdates({ payload, context, signal }: Invocation): unknown {
  if (context.webhook.url !== "") {
    throw new BotApiError(
      409,
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
  }
  const { offset, limit, timeout, allowed_updates: allowed } = payload;
  return context.updates.poll(
    {
      ...(offset === undefined ? {} : { offset: Number(offset) }),
      ...(limit === undefined ? {} : { limit: Number(limit) }),
      ...(timeout === undefined ? {} : { timeout: Number(timeout) }),
      ...(Array.isArray(allowed) ? { allowedUpdates: allowed.map(String) } : {}),
    },
    signal,
  );
}

export function setWebhook({ payload, context: { webhook, updates } }: Invocation): true {
  const { url, secret_token: secret, allowed_updates: allowed, drop_pending_updates: drop } = payload;
  if (Array.isArray(allowed)) updates.allowed = allowed.map(String);
  if (drop === true) updates.pending.length = 0;
  webhook.set(typeof url === "string" ? url : "", typeof secret === "string" ? secret : undefined);
  return true;
}

export function deleteWebhook({ payload, context: { webhook, updates } }: Invocation): true {
  if (payload["drop_pending_updates"] === true) updates.pending.length = 0;
  webhook.set("", undefined);
  return true;
}

export function getWebhookInfo({ context: { webhook, updates } }: Invocation): unknown {
  return {
    url: webhook.url,
    has_custom_certificate: false,
    pending_update_count: updates.pending.length,
    ...(webhook.lastError === undefined ? {} : { last_error_message: webhook.lastError }),
    ...(updates.allowed.length === 0 ? {} : { allowed_updates: updates.allowed }),
  };
}
