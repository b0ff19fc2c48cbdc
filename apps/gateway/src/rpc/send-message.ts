import type { Chat, PlatformManifest } from "@hermes/core";
import { RpcError, type Message, type MessageEvidence } from "@hermes/protocol";
import type { Gateway } from "@hermes/runtime";

/** Says something in a chat without being asked. */
export type SendMessage = (message: Message) => Promise<MessageEvidence>;

export interface SendMessageParts {
  readonly gateway: Pick<Gateway, "announce">;
  readonly platforms: readonly AnnouncementPlatform[];
}

/** A platform that something can be said on. */
export interface AnnouncementPlatform {
  readonly id: string;
  readonly manifest: Pick<PlatformManifest, "name" | "documentationUrl" | "parseTarget">;
}

/** Says things where people point, with the platform's word for it. */
export function createSendMessage({ gateway, platforms }: SendMessageParts): SendMessage {
  return async ({ target, text, idempotencyKey }) => {
    const chat = chatOf(target, platforms);
    const key = idempotencyKey === undefined ? {} : { idempotencyKey };
    const { replyId, state, refs, failure } = await gateway.announce({ chat, text, ...key });
    return {
      replyId,
      state,
      refs: refs.map(({ platform, chatId, messageId, threadId }) => ({
        platform,
        chatId,
        messageId,
        ...(threadId === undefined ? {} : { threadId }),
      })),
      ...(failure === undefined ? {} : { failure }),
    };
  };
}

/** `platform:chat` or `platform:chat:thread`; how a chat is written its platform knows. */
function chatOf(target: string, platforms: SendMessageParts["platforms"]): Chat {
  const colon = target.indexOf(":");
  const id = colon === -1 ? target : target.slice(0, colon);
  const platform = platforms.find((each) => each.id === id);
  if (platform === undefined) {
    const known = platforms.map((each) => `\`${each.id}\``).join(", ");
    const hint = known === "" ? "No platform is configured" : `Configured are ${known}`;
    throw refused(`There is no platform ${JSON.stringify(id)}. ${hint}; a target is written \`platform:chat\`.`);
  }
  const place = colon === -1 ? undefined : platform.manifest.parseTarget(target.slice(colon + 1));
  if (place === undefined)
    throw refused(
      `${JSON.stringify(target)} names no chat of ${platform.manifest.name}. See ${platform.manifest.documentationUrl}`,
    );
  const { type = "dm", ...ref } = place;
  return { ref: { platform: id, ...ref }, type };
}

function refused(message: string): RpcError {
  return new RpcError("invalid-params", message, { field: "target" });
}
