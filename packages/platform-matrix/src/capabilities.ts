import { completeCapabilities, type Attachment, type Capabilities, type CapabilityTable } from "@hermes/core";

const secondMs = 1000;
const dayMs = 24 * 60 * 60 * secondMs;
const megabyte = 1024 * 1024;

/**
 * Synapse's `max_upload_size` is 50 MB unless its operator says otherwise; more than a gigabyte is not asked of any homeserver.
 * `capabilitiesFor` says what this one takes (`m.upload.size`).
 */
const maxUploadBytes = 1024 * megabyte;

/** The kinds of files that messages carry: `m.image`, `m.audio` with and without the mark of a voice message, `m.video`, `m.file`, `m.sticker`. */
const kinds = ["image", "audio", "voice", "video", "sticker", "file"] as const satisfies readonly Attachment["kind"][];

/** What Matrix can do, with the source of each number; `capabilitiesIn` says what of it holds on this homeserver. */
export const capabilityTable = {
  // "The complete event MUST NOT be larger than 65536 bytes, when formatted … as Canonical JSON" (client-server API, Size limits). An
  // edit carries body and HTML twice, and what servers put around a message takes up to 5 kB: see `encode.ts`, which counts in bytes.
  text: { maxLength: 30_000, partsPerSend: 1, markdown: "full", tables: true },
  // A homeserver keeps what was said for good and gives it to whoever comes with an older token (`/sync`, `/messages`); how far back a
  // gap is filled is said in `transport/gap.ts`.
  inbound: { replay: "cursor", windowMs: 30 * dayMs },
  sendWithoutListening: true,
  // "The homeserver should … return the same event id for a repeated transaction id" of one device (Transaction identifiers). Synapse
  // remembers them for 30 to 60 minutes in memory (rest/client/transactions.py) and 24 hours in its database.
  idempotentSend: true,
  edit: { minIntervalMs: 3 * secondMs },
  remove: {},
  // A typing notice lasts as long as was asked for, here 30 s (`/typing`, timeout).
  typing: { refreshMs: 20 * secondMs },
  reactions: { allowed: "any" },
  // Nothing of Matrix limits them: they are known to the bot alone. As many as a list of them can be read through.
  commands: { max: 200 },
  threads: { create: true },
  directMessages: true,
  listChats: true,
  // Synapse's default for an account is `rc_message: { per_second: 0.2, burst_count: 10 }`, edits and reactions included.
  pace: { overall: { calls: 10, perMs: 50 * secondMs } },
  media: {
    send: {
      image: maxUploadBytes,
      audio: maxUploadBytes,
      voice: maxUploadBytes,
      video: maxUploadBytes,
      sticker: maxUploadBytes,
      file: maxUploadBytes,
    },
    receive: kinds,
    // The caption is the message's `body` (client-server API, Media captions): what is said of texts holds for it.
    captionMaxLength: 20_000,
  },
} as const satisfies CapabilityTable;

/** What is true of the bot and of its homeserver. */
export interface Circumstances {
  readonly isPaced: boolean;
  /** What the homeserver takes (`m.upload.size`), in bytes; undefined where it does not say. */
  readonly maxUploadBytes: number | undefined;
}

/** What is true on this homeserver. */
export function capabilitiesIn({ isPaced, maxUploadBytes: limit }: Circumstances): Capabilities {
  const whole = completeCapabilities(capabilityTable);
  const most = limit === undefined ? maxUploadBytes : Math.min(Math.max(1, limit), maxUploadBytes);
  return {
    ...whole,
    ...(isPaced ? {} : { pace: false }),
    media: { ...whole.media, send: Object.fromEntries(kinds.map((kind) => [kind, most])) },
  };
}
