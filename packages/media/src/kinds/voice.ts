import type { Attachment, Clock } from "@hermes/core";
import { remembered, type Memory } from "../cache/remembered.ts";
import { maxReadingLength } from "../cache/reading.ts";
import { oggDurationMs } from "../files/ogg-duration.ts";
import type { Spool } from "../files/spool.ts";
import { quoted, quotedName } from "../text/clean.ts";
import { timeLimit } from "../time-limit.ts";
import type { Transcriber } from "../transcription/transcriber.ts";
import type { Reader } from "./reader.ts";

/** More is not taken by the services (https://platform.openai.com/docs/guides/speech-to-text). */
const maxBytes = 25_000_000;
/** Fetching it from the platform. */
const fetchTimeoutMs = 120_000;

/** What recordings are read with. */
export interface VoiceParts {
  readonly transcriber: Transcriber;
  readonly spool: Spool;
  readonly memory: Memory;
  readonly clock: Clock;
}

/** Voice messages and other recordings, in words. The same recording is listened to once. */
export function voiceReader({ transcriber, spool, memory, clock }: VoiceParts): Reader {
  return {
    what: "recording",
    async read(attachment, { turn, signal }) {
      using limit = timeLimit(fetchTimeoutMs, clock, signal);
      await using file = await spool.take({ turn, attachment, maxBytes, limit });
      const key = `${transcriber.identity}\n${file.sha256}`;
      const { text, durationMs } = await remembered(memory, key, signal, async () => {
        const said = await transcriber.transcribe(file, signal);
        return {
          text: said.text.slice(0, maxReadingLength).toWellFormed(),
          durationMs: oggDurationMs(file.head, file.tail) ?? said.durationMs,
        };
      });
      const about = `${nameOf(attachment)}${durationMs === undefined ? "" : `, ${Math.max(1, Math.round(durationMs / 1000))} s`}`;
      return text.trim() === "" ? `[${about}, in which nothing is said]` : `[${about}] ${quoted(text, maxReadingLength)}`;
    },
    failed: (attachment, reason) => `[${nameOf(attachment)} that could not be transcribed: ${reason}]`,
  };
}

function nameOf({ kind, name }: Attachment): string {
  if (kind === "voice") return "voice message";
  const called = quotedName(name);
  return called === undefined ? "recording" : `recording ${called}`;
}
