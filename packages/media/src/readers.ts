import { join } from "node:path";
import { openHttp } from "@hermes/http";
import type { Attachment } from "@hermes/core";
import { Gates } from "./cache/gates.ts";
import { ReadingCache } from "./cache/reading-cache.ts";
import type { Memory } from "./cache/remembered.ts";
import type { DescriptionConfiguration, MediaConfiguration, TranscriptionConfiguration } from "./configuration.ts";
import { serviceDescriber } from "./description/describer.ts";
import { Spool } from "./files/spool.ts";
import { documentReader } from "./kinds/document.ts";
import { imageReader, type ImageParts } from "./kinds/image.ts";
import type { Reader } from "./kinds/reader.ts";
import { stickerReader } from "./kinds/sticker.ts";
import { voiceReader } from "./kinds/voice.ts";
import type { MediaHost } from "./media-host.ts";
import type { ServiceParts } from "./service/call-service.ts";
import { commandTranscriber } from "./transcription/command-transcriber.ts";
import { serviceTranscriber } from "./transcription/service-transcriber.ts";
import type { Transcriber } from "./transcription/transcriber.ts";

/** Who reads what; undefined for what reaches the agent as it is. */
export interface Readers {
  for(attachment: Attachment): Reader | undefined;
  /** Breaks off what is being asked of services. */
  close(): void;
}

const defaultMaxBytes = 100_000;
const maxTranscripts = 2000;
const maxPictures = 2000;
const maxStickers = 5000;
const usualEnvironment = { PATH: "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin", LANG: "C.UTF-8" };

/** The readers that a configuration asks for. Opens no connection and writes nothing yet. */
export function createReaders(configuration: MediaConfiguration, host: MediaHost): Readers {
  const { transcription, images, documents } = configuration;
  const { clock, logger, folder } = host;
  const http = openHttp();
  const parts: ServiceParts = { http, clock, random: () => host.random?.() ?? Math.random() };
  const gates = new Gates();
  const memory = (name: string, maxEntries: number): Memory => ({
    cache: new ReadingCache({ folder: join(folder, name), maxEntries, clock, logger }),
    gates,
  });
  const seeing: ImageParts | undefined =
    images?.describe === undefined
      ? undefined
      : { describer: describerOf(images.describe, parts), memory: memory("pictures", maxPictures), clock };
  const transcriber = transcription === undefined ? undefined : transcriberOf(transcription, parts, gates, host);
  const voice =
    transcriber === undefined
      ? undefined
      : voiceReader({ transcriber, spool: new Spool(folder, clock), memory: memory("transcripts", maxTranscripts), clock });
  const document = documentReader({ maxBytes: documents?.maxBytes ?? defaultMaxBytes, clock });
  const picture = seeing === undefined ? undefined : imageReader(seeing);
  const sticker = stickerReader({ images: seeing, known: memory("stickers", maxStickers) });
  return {
    for(attachment) {
      switch (attachment.kind) {
        case "voice":
        case "audio":
          return voice;
        case "image":
          return picture;
        case "sticker":
          return sticker;
        case "file":
          return byType(attachment, { voice, picture }) ?? (documents?.read === false ? undefined : document);
        case "video":
          return undefined;
      }
    },
    close: () => http.close(),
  };
}

/** Pictures and recordings are also sent as files, to keep their quality. */
function byType(
  { mimeType = "" }: Attachment,
  { voice, picture }: { readonly voice: Reader | undefined; readonly picture: Reader | undefined },
): Reader | undefined {
  if (/^audio\//iu.test(mimeType)) return voice;
  return /^image\/(?!svg)/iu.test(mimeType) ? picture : undefined;
}

function describerOf({ baseUrl, apiKey, model, prompt, timeoutSeconds = 60 }: DescriptionConfiguration, parts: ServiceParts) {
  return serviceDescriber({ baseUrl, apiKey, model, prompt, timeoutMs: timeoutSeconds * 1000 }, parts);
}

function transcriberOf(
  configuration: TranscriptionConfiguration,
  parts: ServiceParts,
  gates: Gates,
  { clock, logger }: MediaHost,
): Transcriber {
  const { baseUrl, apiKey, model, language, command, environment = {}, timeoutSeconds = 120 } = configuration;
  const timeoutMs = timeoutSeconds * 1000;
  if (command !== undefined) {
    return commandTranscriber(
      { command, environment: { ...usualEnvironment, ...environment }, timeoutMs },
      { gates, clock, logger },
    );
  }
  // The schema lets none pass that has neither.
  if (baseUrl === undefined || model === undefined)
    throw new TypeError("Transcription needs `baseUrl` and `model`, or a `command`");
  return serviceTranscriber({ baseUrl, apiKey, model, language, timeoutMs }, parts);
}
