import type { PlatformHost } from "@hermes/core";
import type { CaseName } from "../../../src/cases.ts";
import { connection, events, type Fault } from "./ways-to-be-bad.ts";

/** Faults in files. */
export const filesFaults = {
  "files that are sent stand there byte for byte": {
    ...connection((good) => ({
      send: (chat, message, options) =>
        good.send(
          chat,
          { ...message, files: message.files.map((file) => ({ ...file, open: async () => new Blob(["another"]).stream() })) },
          options,
        ),
    })),
    alsoSeenBy: ["files that stand together keep their order, and send returns every message of theirs"],
  },
  "a file above the limit is refused, and nothing is shown": connection((good) => ({
    send: (chat, message, options) =>
      good.send(
        chat,
        {
          ...message,
          files: message.files.map((file) => ({
            ...file,
            sizeBytes: 1,
            open: async () =>
              new Blob([
                file.sizeBytes > 2000 ? "cut" : new Uint8Array(await new Response(await file.open()).arrayBuffer()),
              ]).stream(),
          })),
        },
        options,
      ),
  })),
  "what the table does not have is refused as invalid instead of left out": connection((good) => ({
    send: (chat, message, options) =>
      good.send(chat, { ...message, files: message.files.filter(({ kind }) => kind !== "image") }, options),
  })),
  "a ticket is good after a restart": {
    platform: (good) => {
      const known = new Set<string>();
      return {
        ...good,
        async connect(given, signal) {
          const accept: PlatformHost["accept"] = (all, cursor) => {
            for (const event of all)
              if (event.type === "message") for (const { ticket } of event.attachments) known.add(JSON.stringify(ticket));
            return given.accept(all, cursor);
          };
          const live = await good.connect({ ...given, accept }, signal);
          return {
            ...live,
            async download(attachment, options) {
              if (!known.has(JSON.stringify(attachment.ticket))) throw new Error("forgotten");
              return (await live.download?.(attachment, options)) ?? new ReadableStream();
            },
          };
        },
      };
    },
  },
  "an attachment says what it is": events((event) =>
    event.type === "message"
      ? { ...event, attachments: event.attachments.map((attachment) => ({ ...attachment, sizeBytes: 1 })) }
      : event,
  ),
  "no more than maxBytes is downloaded": connection((good) => ({
    download: async (attachment, options) =>
      (await good.download?.(attachment, { ...options, maxBytes: 1_000_000 })) ?? new ReadableStream(),
  })),
} satisfies Partial<Record<CaseName, Fault>>;
