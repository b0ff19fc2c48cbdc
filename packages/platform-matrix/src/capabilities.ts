import { completeCapabilities, type Attachment, type Capabilities, type CapabilityTable } from "@hermes/core";

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const dayMs = 24 * 60 * minuteMs;
const megabyte = 1024 * 1024;

/**
 * Synapse's `max_upload_size` is 50 MB unless its operator says otherwise; more than a gigabyte is not asked of any homeserver.
 * `capabilitiesFor` says what this one takes (`m.upload.size`).
 */
const maxUploadBytes = 1024 * megabyte;

/** The kinds of files that messages carry: `m.image`, `m.audio` with and without the mark of a voice message, `m.video`, `m.file`, `m.sticker`. */
const kinds = ["image", "audio", "voice", "video", "sticker", "file"] as const satisfies readonly Attachment["kind"][];

/**
 * What Matrix can do, with the source of each number; `capabilitiesIn` says what of it holds on this homeserver. No pace: Synapse's default
 * is a bucket of ten that one runs out of every five seconds (`rc_message: { per_second: 0.2, burst_count: 10 }`), edits included, and most
 * operators lift it for their bots. Keeping to ten in any fifty seconds would hold an eleventh answer back for up to fifty seconds where
 * the homeserver's own refusal names five at most, and that refusal holds the whole bot back for as long as it says.
 */
export const capabilityTable = {
  // "The complete event MUST NOT be larger than 65536 bytes, when formatted … as Canonical JSON" (client-server API, Size limits). An
  // edit carries body and HTML twice, and what servers put around a message takes up to 5 kB: see `encode.ts`, which counts in bytes.
  text: { maxLength: 30_000, partsPerSend: 1, markdown: "full", tables: true },
  // A homeserver keeps what was said for good and gives it to whoever comes with an older token (`/sync`, `/messages`); how far back a
  // gap is filled is said in `transport/gap.ts`.
  inbound: { replay: "cursor", windowMs: 30 * dayMs },
  sendWithoutListening: true,
  // "The homeserver should … return the same event id for a repeated transaction id" of one device (Transaction identifiers). Synapse
  // (rest/client/transactions.py) and Dendrite (internal/transactions) remember them for 30 minutes at least, Conduit for good
  // (userdevicetxnid_response). A minute of that passes on the way.
  idempotentSend: { withinMs: 29 * minuteMs },
  edit: { minIntervalMs: 3 * secondMs },
  remove: {},
  // A typing notice lasts as long as was asked for, here 30 s (`/typing`, timeout).
  typing: { refreshMs: 20 * secondMs },
  reactions: { allowed: "any" },
  // Nothing of Matrix limits them: they are known to the bot alone. As many as a list of them can be read through.
  commands: { max: 200 },
  // A thread is begun by a message and belongs to those who speak in it: clients show it beside the room.
  threads: { create: true, isConversation: true },
  directMessages: true,
  listChats: true,
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

/** What is true on a homeserver that takes files of up to `limit` bytes (`m.upload.size`); undefined where it does not say. */
export function capabilitiesIn(limit: number | undefined): Capabilities {
  const whole = completeCapabilities(capabilityTable);
  const most = limit === undefined ? maxUploadBytes : Math.min(Math.max(1, limit), maxUploadBytes);
  return {
    ...whole,
    media: { ...whole.media, send: Object.fromEntries(kinds.map((kind) => [kind, most])) },
  };
}
