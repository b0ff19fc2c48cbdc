import {
  isPlatformError,
  type PlatformError,
  type Chat,
  type ChatRef,
  type Clock,
  type ConnectionOf,
  type Json,
  type LiveMessage,
  type MessageRef,
  type OutboundMessage,
  type PlatformHost,
  type SendOptions,
  type Sent,
} from "@hermes/core";
import { failureOf } from "./api/failure.ts";
import type { Http } from "@hermes/http";
import { metadataOf } from "./api/lookup.ts";
import type { Content, Spot } from "./api/messages.ts";
import { capabilitiesIn, capabilityTable } from "./capabilities.ts";
import { reactionName } from "./capabilities/reaction-emojis.ts";
import { beginStream } from "./connection/begin-stream.ts";
import type { OpenStreams } from "./connection/open-streams.ts";
import type { ResponseAddresses } from "./connection/response-addresses.ts";
import { filesRefusal, findFiles, isFileId, sendFiles } from "./connection/uploads.ts";
import { contentOf as contentOfSaid, measure } from "./encode.ts";
import { buttonBlocks } from "./encode/buttons.ts";
import { escapeMrkdwn } from "./encode/mrkdwn.ts";
import type { Facts } from "./facts.ts";
import { isTimestamp, parseChannel } from "./place.ts";
import { reaches, without, type Workspace, type Workspaces } from "./workspaces.ts";

export type SlackConnection = ConnectionOf<typeof capabilityTable>;

export interface ConnectionParts {
  readonly platform: string;
  readonly workspaces: Workspaces;
  readonly facts: Facts;
  readonly streams: OpenStreams;
  readonly responses: ResponseAddresses;
  readonly http: Http;
  readonly clock: Clock;
  readonly host: PlatformHost;
  /** Previews of links in answers. */
  readonly unfurl: boolean;
}

/** How long Slack may take to end what is being written when the app disconnects. */
const goodbyeMs = 3000;

interface Found {
  readonly workspace: Workspace;
  readonly spot: Spot;
}

/** The outward half of an app. */
export function openConnection(parts: ConnectionParts): SlackConnection {
  const { platform, workspaces, facts, streams, clock, host } = parts;
  const { logger, memory } = host;
  const lives = new Set<LiveMessage>();
  const refuse = (failure: PlatformError["failure"], what: string, why: string): PlatformError =>
    failureOf(failure, what, why, platform, false);

  const placeOf = async ({ chatId, threadId }: ChatRef, what: string): Promise<Found> => {
    const { workspace, channel } = await workspaces.find(chatId, what);
    if (threadId !== undefined && !isTimestamp(threadId))
      throw refuse({ kind: "invalid" }, what, "the thread is none of Slack's");
    return { workspace, spot: { channel, thread: threadId } };
  };
  const messageOf = async (ref: MessageRef, what: string): Promise<Found & { readonly ts: string }> => {
    const found = await placeOf(ref, what);
    if (!isTimestamp(ref.messageId))
      throw refuse({ kind: "invalid" }, what, "the message is none of Slack's, or one of files that it could not name");
    return { ...found, ts: ref.messageId };
  };
  const contentFor = (message: OutboundMessage, mentions: readonly string[], what: string): Content => {
    const [markdown, ...more] = message.texts;
    if (markdown === undefined || more.length > 0)
      throw refuse({ kind: "invalid" }, what, `expected one text, got ${message.texts.length}`);
    if (measure(markdown) > capabilityTable.text.maxLength) {
      throw refuse({ kind: "too-long" }, what, `Slack takes ${capabilityTable.text.maxLength} characters in a message`);
    }
    const content = contentOfSaid({ markdown, actions: message.actions, mentions });
    if (typeof content === "string") throw refuse({ kind: "invalid" }, what, content);
    return content;
  };
  const endedBy = (signal: AbortSignal, what: string): void => {
    if (signal.aborted) throw refuse({ kind: "aborted" }, what, "stopped by the caller");
  };

  const send = async ({ ref }: Chat, message: OutboundMessage, options: SendOptions): Promise<Sent> => {
    const { signal, mentions, idempotencyKey, visibleTo } = options;
    const what = `send to chat ${ref.chatId}`;
    endedBy(signal, what);
    const { workspace, spot } = await placeOf(ref, what);
    if (message.files.length > 0) {
      if (visibleTo !== undefined) throw refuse({ kind: "invalid" }, what, "files cannot be shown to one person alone");
      const refusal = filesRefusal(message);
      if (refusal !== undefined) throw refuse({ kind: refusal.kind }, what, refusal.why);
      const [caption = ""] = message.texts;
      const { files } = message;
      return await sendFiles(
        workspace,
        { chat: ref, spot, files, caption, mentions, idempotencyKey, signal },
        { platform, clock, memory },
      );
    }
    const content = contentFor(message, mentions, what);
    try {
      const ts =
        visibleTo === undefined || spot.channel.startsWith("D")
          ? await workspace.api.post(spot, content, { unfurl: parts.unfurl, metadata: metadataOf(idempotencyKey) }, signal)
          : await workspace.api.postEphemeral(spot, visibleTo, content, signal);
      return [{ ...ref, messageId: ts }];
    } catch (error) {
      const userId = options.origin?.author.id ?? visibleTo;
      const address = isOutside(error) && userId !== undefined ? parts.responses.take(ref.chatId, userId) : undefined;
      if (address === undefined) throw error;
      await workspace.api.respond(address, content, signal);
      // Slack does not say how it is called: nothing can be done with it any more.
      return [{ ...ref, messageId: `response-${idempotencyKey}` }];
    }
  };

  const edit = async (ref: MessageRef, message: OutboundMessage, { mentions, signal }: SendOptions): Promise<void> => {
    const what = `edit a message in chat ${ref.chatId}`;
    endedBy(signal, what);
    const { workspace, spot, ts } = await messageOf(ref, what);
    if (message.files.length > 0)
      throw refuse({ kind: "invalid" }, what, "the files of a message that stands there stay as they are");
    if (message.texts.length > 0) return workspace.api.update(spot, ts, contentFor(message, mentions, what), { signal });
    // The buttons alone change: what else stands there is put back as it is.
    const buttons = buttonBlocks(message.actions);
    if (typeof buttons === "string") throw refuse({ kind: "invalid" }, what, buttons);
    const { text, blocks } = await workspace.api.contentAt(spot, ts, signal);
    // Slack takes no empty text.
    const shown = text === "" ? "…" : text;
    await workspace.api.update(
      spot,
      ts,
      { text: shown, blocks: [...blocks.filter((block) => !isActions(block)), ...buttons] },
      { signal },
    );
  };

  return {
    identity: identityOf(workspaces),
    capabilitiesFor(chat) {
      const { team = "", channel = "" } = parseChannel(chat.ref.chatId) ?? {};
      const { streams: live = "nowhere", status = "nowhere" } = workspaces.byTeam(team)?.features ?? {};
      return capabilitiesIn(chat, { hasStreams: reaches(live, channel), hasStatus: reaches(status, channel) });
    },
    send,
    edit,
    async remove(ref: MessageRef) {
      const what = `delete a message in chat ${ref.chatId}`;
      if (isFileId(ref.messageId)) return (await placeOf(ref, what)).workspace.api.deleteFile(ref.messageId);
      const { workspace, spot, ts } = await messageOf(ref, what);
      await workspace.api.deleteMessage(spot, ts);
    },
    async openLive(chat: Chat, options: SendOptions) {
      const { ref } = chat;
      const what = `send to chat ${ref.chatId}`;
      const contentOf = (markdown: string): Content =>
        contentFor({ texts: [markdown], files: [], actions: [] }, options.mentions, what);
      return await beginStream(chat, options, {
        ...(await placeOf(ref, what)),
        logger,
        lives,
        streams,
        contentOf,
        refuse: (failure, why) => refuse(failure, what, why),
      });
    },
    async setTyping(chat, { active, status = "is thinking…" }) {
      const { workspace, spot } = await placeOf(chat.ref, "show typing");
      const { features } = workspace;
      if (spot.thread === undefined || !reaches(features.status, spot.channel)) return;
      const lacking = await workspace.api.setStatus(spot, active ? status : "");
      if (lacking === undefined) return;
      features.status = without(features.status, lacking, spot.channel);
      logger.info("Slack shows no status here: the app lacks the scope assistant:write, or the workspace has no assistants");
    },
    async react(ref: MessageRef, emoji: string, present: boolean) {
      const what = `react in chat ${ref.chatId}`;
      const { workspace, spot, ts } = await messageOf(ref, what);
      const name = reactionName(emoji);
      if (name === undefined)
        throw refuse({ kind: "invalid" }, what, `Slack's name of ${emoji} is not known; write it as :name:`);
      await workspace.api.react(spot, ts, name, present);
    },
    async settleAction({ interaction, chat, origin }, { notice }) {
      const address = addressIn(interaction);
      if (notice === undefined || notice.trim() === "") return;
      const { workspace, spot } = await placeOf(chat.ref, "answer a press");
      const text = escapeMrkdwn(notice.toWellFormed());
      try {
        if (address !== undefined) return await workspace.api.respond(address, { text });
      } catch (error) {
        // Its address is good for half an hour and five answers.
        if (!isPlatformError(error) || error.failure.kind !== "not-found") throw error;
      }
      const content = { text, blocks: [{ type: "section", text: { type: "mrkdwn", text: text.slice(0, 3000) } }] };
      await workspace.api.postEphemeral(spot, origin.author.id, content);
    },
    async publishCommands(commands) {
      await facts.noteCommands(
        commands.map(({ name }) => name.toLowerCase()),
        memory,
      );
    },
    async openThread(at: MessageRef | ChatRef, title: string) {
      const { platform: _, chatId, threadId } = at;
      const what = `open a thread in chat ${chatId}`;
      if (threadId !== undefined) throw refuse({ kind: "invalid" }, what, "there are no threads in threads");
      const { workspace, spot } = await placeOf(at, what);
      const type = parseChannel(chatId)?.type ?? "channel";
      const content = (): Content => contentFor({ texts: [title], files: [], actions: [] }, [], what);
      const root = "messageId" in at ? at.messageId : await workspace.api.post(spot, content(), { unfurl: false });
      if (!isTimestamp(root)) throw refuse({ kind: "invalid" }, what, "the message is none of Slack's");
      return { ref: { platform, chatId, threadId: root }, type };
    },
    openDirectMessage: (userId: string) => openDirectMessage(userId, parts),
    async findSent({ ref }: Chat, idempotencyKey: string, sinceMs: number) {
      const { workspace, spot } = await placeOf(ref, "look for a message");
      const files = await findFiles(workspace, ref, spot, idempotencyKey, { platform, clock, memory });
      if (files !== undefined) return files;
      const ts = await workspace.api.findByKey(spot, idempotencyKey, sinceMs);
      return ts === undefined ? undefined : [{ ...ref, messageId: ts }];
    },
    async *listChats() {
      for (const { api, bot } of workspaces.all) {
        for await (const { id, name, type } of api.listChannels(bot.scopes)) {
          yield { ref: { platform, chatId: `${bot.teamId}/${id}` }, type, ...(name === undefined ? {} : { name }) };
        }
      }
    },
    async download({ ticket }, { maxBytes, signal }) {
      const { team, fileId } = (typeof ticket === "object" && ticket !== null ? ticket : {}) as Readonly<Record<string, unknown>>;
      const workspace = typeof team === "string" ? workspaces.byTeam(team) : undefined;
      if (workspace === undefined || typeof fileId !== "string")
        throw refuse({ kind: "invalid" }, "fetch a file", "its ticket is none of Slack's, or of a workspace without a token");
      return workspace.api.openFile(fileId, maxBytes, signal);
    },
    async disconnect() {
      // What cannot be ended by then is at the next connect.
      const cancel = clock.wakeAt(clock.now() + goodbyeMs, () => parts.http.close());
      const ended = await Promise.allSettled([...lives].map((live) => live.abandon()));
      cancel();
      parts.http.close();
      const failed = ended.filter(({ status }) => status === "rejected").length;
      if (failed > 0) logger.debug(`${failed} unfinished streams could not be ended`);
    },
  };
}

/** The bot is not in the conversation, or cannot even see it. */
function isOutside(error: unknown): boolean {
  if (!isPlatformError(error)) return false;
  const { failure } = error;
  return failure.kind === "forbidden" || (failure.kind === "not-found" && failure.what === "chat");
}

function isActions(block: Json): boolean {
  return typeof block === "object" && block !== null && !Array.isArray(block) && "type" in block && block["type"] === "actions";
}

function addressIn(interaction: Json | undefined): string | undefined {
  const { responseUrl } = (typeof interaction === "object" && interaction !== null ? interaction : {}) as {
    readonly responseUrl?: unknown;
  };
  return typeof responseUrl === "string" ? responseUrl : undefined;
}

function identityOf({ all }: Workspaces): SlackConnection["identity"] {
  const [first, ...more] = all;
  const id = first?.bot.userId ?? "";
  return { id, name: more.length === 0 ? (first?.bot.name ?? id) : `${first?.bot.name ?? id} in ${all.length} workspaces` };
}

/** A person is in one workspace or another: the first that knows them is asked to open it. */
async function openDirectMessage(userId: string, { platform, workspaces }: ConnectionParts): Promise<Chat> {
  let failure: unknown = failureOf(
    { kind: "not-found", what: "chat" },
    "open a direct message",
    "there is no workspace",
    platform,
  );
  for (const { api, bot } of workspaces.all) {
    try {
      return { ref: { platform, chatId: `${bot.teamId}/${await api.openDirectMessage(userId)}` }, type: "dm" };
    } catch (error) {
      failure = error;
      if (!isPlatformError(error) || error.failure.kind !== "not-found") break;
    }
  }
  throw failure;
}
