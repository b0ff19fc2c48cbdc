import { PlatformError, type ActionEvent, type Capabilities, type OutboundMessage, type Platform } from "@hermes/core";
import { createScriptedPlatform, settle, type ScriptedOptions, type ScriptedPlatform } from "@hermes/runtime/testing";

/** What was sent, with its files as text. */
export interface SentMessage {
  readonly texts: readonly string[];
  readonly files: readonly { readonly name: string; readonly kind: string; readonly content: string }[];
  readonly buttons: readonly string[];
  readonly key: string;
}

/** A scripted platform that also takes files and buttons, and shows a menu. */
export interface AblePlatform extends ScriptedPlatform {
  readonly sent: readonly SentMessage[];
  readonly edits: readonly OutboundMessage[];
  /** What those who pressed were told; undefined: only that it arrived. */
  readonly settled: readonly (string | undefined)[];
  readonly menus: readonly (readonly string[])[];
  /** Somebody presses a button of this label. */
  presses(label: string, userId?: string): Promise<string>;
  /** So many sends with files are refused as larger than allowed. */
  refuseFiles(count: number): void;
}

const abilities: Partial<Capabilities> = {
  actions: { max: 8, maxDataBytes: 64 },
  commands: { max: 50 },
  media: {
    send: { image: 1000, file: 1000 },
    receive: ["file"],
    captionMaxLength: 60,
    album: { max: 2, together: [["image"]] },
  },
};

/** `more` changes what it can do. */
export function createAblePlatform(more: Partial<Capabilities> = {}, options: Partial<ScriptedOptions> = {}): AblePlatform {
  const script = createScriptedPlatform({ style: "edit", ...options });
  const sent: SentMessage[] = [];
  const edits: OutboundMessage[] = [];
  const settled: (string | undefined)[] = [];
  const menus: (readonly string[])[] = [];
  const tokens = new Map<string, { readonly token: string; readonly messageId: string }>();
  let presses = 0;
  let refusals = 0;

  const platform: Platform = {
    ...script.platform,
    capabilities: { ...script.platform.capabilities, ...abilities, ...more },
    async connect(host, signal) {
      const connection = await script.platform.connect(host, signal);
      return {
        ...connection,
        async send(chat, message, sendOptions) {
          if (message.files.length > 0 && refusals > 0) {
            refusals -= 1;
            throw new PlatformError({ platform: "scripted", failure: { kind: "too-long" }, message: "The file is too large" });
          }
          const files: SentMessage["files"][number][] = [];
          for (const file of message.files)
            files.push({ name: file.name, kind: file.kind, content: await new Response(await file.open()).text() });
          const texts =
            files.length === 0 ? message.texts : [[...files.map(({ name }) => `<${name}>`), ...message.texts].join(" ")];
          const refs = await connection.send(chat, { ...message, texts, files: [] }, sendOptions);
          const buttons = message.actions.flat();
          for (const { label, token } of buttons) tokens.set(label, { token, messageId: refs[0].messageId });
          sent.push({ texts: message.texts, files, buttons: buttons.map(({ label }) => label), key: sendOptions.idempotencyKey });
          return refs;
        },
        async edit(ref, message, sendOptions) {
          edits.push(message);
          await connection.edit?.(ref, message, sendOptions);
        },
        settleAction: async (_event, { notice }) => void settled.push(notice),
        publishCommands: async (commands) => void menus.push(commands.map(({ name }) => name)),
        download: async (attachment) => new Blob([JSON.stringify(attachment.ticket)]).stream(),
      };
    },
  };

  return {
    ...script,
    platform,
    get standing() {
      return script.standing;
    },
    texts: (chatId) => script.texts(chatId),
    says: (text, spoken) => script.says(text, spoken),
    offer: (events, cursor) => script.offer(events, cursor),
    message: (text, spoken) => script.message(text, spoken),
    fail: (...faults) => script.fail(...faults),
    mend: () => script.mend(),
    lose: (failure) => script.lose(failure),
    endProcess: () => script.endProcess(),
    forget: () => script.forget(),
    sent,
    edits,
    settled,
    menus,
    async presses(label, userId = "7") {
      const button = tokens.get(label);
      if (button === undefined) throw new Error(`There is no button ${label}`);
      const { chat, origin, at } = script.message("");
      presses += 1;
      const event: ActionEvent = {
        version: 1,
        type: "action",
        eventId: `press-${presses}`,
        chat,
        origin: { ...origin, author: { ...origin.author, id: userId } },
        at,
        ...button,
        interaction: presses,
      };
      const [answer] = await script.offer([event]);
      await settle();
      return answer ?? "nothing";
    },
    refuseFiles: (count) => void (refusals = count),
  };
}
