import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { OutboundFile } from "@hermes/core";
import { multipart } from "@hermes/http";
import { z } from "zod";
import type { SpooledFile } from "../files/spool.ts";
import { callService, type ServiceParts } from "../service/call-service.ts";
import { readAnswer } from "../service/read-answer.ts";
import type { Transcriber } from "./transcriber.ts";

/** A service to send recordings to. */
export interface TranscriptionService {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly model: string;
  readonly language: string | undefined;
  readonly timeoutMs: number;
}

/** How long it lasts stands in `duration` or, with what it cost, in `usage`; many services say neither. */
const answerSchema = z.object({
  text: z.string(),
  duration: z.number().min(0).optional().catch(undefined),
  usage: z
    .object({ seconds: z.number().min(0).optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

/** Transcribes by `POST /audio/transcriptions` (https://platform.openai.com/docs/api-reference/audio/createTranscription). */
export function serviceTranscriber(service: TranscriptionService, parts: ServiceParts): Transcriber {
  const { baseUrl, apiKey, model, language, timeoutMs } = service;
  const url = new URL(`${baseUrl}/audio/transcriptions`);
  const texts = [
    { name: "model", text: model },
    { name: "response_format", text: "json" },
    ...(language === undefined ? [] : [{ name: "language", text: language }]),
  ];
  return {
    identity: JSON.stringify(["service", baseUrl, model, language ?? ""]),
    timeoutMs,
    async transcribe(file, signal) {
      const body = multipart(texts, [{ name: "file", file: outbound(file) }]);
      const { text, duration, usage } = readAnswer(
        await callService({ url, apiKey, body, timeoutMs, signal }, parts),
        answerSchema,
      );
      const seconds = duration ?? usage?.seconds;
      return { text, durationMs: seconds === undefined ? undefined : Math.round(seconds * 1000) };
    },
  };
}

function outbound({ path, format, sizeBytes }: SpooledFile): OutboundFile {
  return {
    kind: "audio",
    name: `recording.${format.extension}`,
    mimeType: format.mimeType,
    sizeBytes,
    // Node types the chunks of a stream of a file as anything; they are bytes.
    open: async () => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>,
  };
}
