import type { AgentHost, DeliveredMessage, Turn } from "@hermes/core";
import { z } from "zod";
import type { Tool, ToolResult } from "../tool.ts";
import { defineTool, denied, done, failed } from "./define-tool.ts";

const input = z.strictObject({
  target: z
    .string()
    .min(1)
    .max(500)
    .describe("Where to: `origin` is this chat, `telegram:123456789` or `slack:#general` another."),
  text: z.string().min(1).max(20_000).describe("Markdown."),
});

/** Says something elsewhere: by itself only in the own chat and where the configuration allows it, else when a person approves. */
export function sendMessageTool(host: AgentHost, targets: readonly string[]): Tool {
  return defineTool({
    name: "send_message",
    set: "messages",
    description:
      "Sends a message to a chat. Your answer comes to this chat by itself: use it for other chats, or for what is to be said at once.",
    input,
    title: ({ target }) => `Send a message to ${target}`,
    effect: "once",
    async run({ target, text }, context) {
      const { turn, callId } = context;
      if (!isOwn(target, turn) && !targets.includes(target)) {
        const answer = await context.approve({
          reason: "Sends a message to another chat.",
          exact: `To ${target}:\n${text}`,
          remember: `send_message:${target}`,
        });
        if (answer.kind === "denied") return denied(answer.why);
      }
      try {
        return toResult(await host.deliver({ target, text, turn, idempotencyKey: `${turn.id}:${callId}` }));
      } catch (error) {
        return failed(error instanceof Error ? error.message : String(error));
      }
    },
  });
}

/** Whether a target is the chat the turn is in. One that names its thread only loosely is another. */
function isOwn(target: string, { chat: { ref } }: Turn): boolean {
  const own = `${ref.platform}:${ref.chatId}`;
  return target === "origin" || target === (ref.threadId === undefined ? own : `${own}:${ref.threadId}`);
}

function toResult(delivered: readonly DeliveredMessage[]): ToolResult {
  if (delivered.length === 0) return failed("The target leads nowhere: nothing was sent.");
  const said = delivered.map(inWords).join("\n");
  return delivered.some(({ state }) => state === "failed") ? failed(said) : done(said);
}

function inWords({ target, state, failure }: DeliveredMessage): string {
  switch (state) {
    case "sent":
      return `${target}: sent.`;
    case "queued":
      return `${target}: not sent yet. It is kept, and goes out as soon as that works. Do not send it again.`;
    case "unknown":
      return `${target}: it is not known whether it arrived. Do not send it again without asking.`;
    case "failed":
      return `${target}: not sent: ${failure ?? "the platform does not say why"}.`;
  }
}
