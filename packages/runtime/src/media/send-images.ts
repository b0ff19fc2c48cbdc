import {
  emptyReasoningFilter,
  filterReasoning,
  withRun,
  type Agent,
  type AgentEvent,
  type Logger,
  type OutboundFile,
} from "@hermes/core";
import { imageAddresses, type ImageAddress } from "./image-addresses.ts";

/** What images are fetched with. */
export interface SendImagesParts {
  /** Must not reach inner networks. */
  readonly fetch: (request: Request) => Promise<Response>;
  readonly logger: Logger;
}

const maxImages = 10;
const maxImageBytes = 10 * 1024 * 1024;
const fetchTimeoutMs = 20_000;
const extensions: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/webp": "webp",
  "image/gif": "gif",
};

/** The same agent, and behind each text that shows images by their addresses the images themselves, as files. */
export function sendImages(agent: Agent, parts: SendImagesParts): Agent {
  return withRun(agent, (turn) => withImages(agent.run(turn), turn.signal, parts));
}

async function* withImages(
  events: AsyncIterable<AgentEvent>,
  signal: AbortSignal,
  parts: SendImagesParts,
): AsyncGenerator<AgentEvent> {
  let text = "";
  let filter = emptyReasoningFilter;
  const take = async (): Promise<readonly AgentEvent[]> => {
    const addresses = imageAddresses(text).slice(0, maxImages);
    text = "";
    return addresses.length === 0 ? [] : await fetchAll(addresses, signal, parts);
  };
  for await (const event of events) {
    if (event.type === "text-delta") {
      const filtered = filterReasoning(filter, event.text);
      filter = filtered.state;
      text += filtered.text;
    } else if (event.type === "segment-end" || event.type === "tool-start") yield* await take();
    yield event;
  }
  yield* await take();
}

/** One that cannot be had stays what it is: a link in the text. */
async function fetchAll(
  addresses: readonly ImageAddress[],
  signal: AbortSignal,
  parts: SendImagesParts,
): Promise<readonly AgentEvent[]> {
  const fetched = await Promise.all(
    addresses.map(async (address, index) => {
      try {
        return { alt: address.alt, file: await fetchImage(address, index, signal, parts) };
      } catch (error) {
        parts.logger.info(
          `An image of an answer is not sent as a file: ${error instanceof Error ? error.message : String(error)}`,
        );
        return undefined;
      }
    }),
  );
  const images = fetched.filter((one) => one !== undefined);
  const [first, ...others] = images;
  if (first === undefined) return [];
  const caption = first.alt.trim() === "" ? {} : { caption: first.alt };
  if (others.length === 0) return [{ type: "file", file: first.file, ...caption }];
  return [{ type: "album", files: images.map(({ file }) => file) }];
}

async function fetchImage(
  { url }: ImageAddress,
  index: number,
  signal: AbortSignal,
  parts: SendImagesParts,
): Promise<OutboundFile> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(fetchTimeoutMs)]);
  const { host } = new URL(url);
  const response = await parts.fetch(
    new Request(url, { signal: limited, headers: { accept: Object.keys(extensions).join(", ") } }),
  );
  const mimeType = (response.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const extension = extensions[mimeType];
  if (!response.ok || extension === undefined) {
    await response.body?.cancel();
    throw new Error(`${host} answered ${response.status} with ${mimeType === "" ? "nothing that says what it is" : mimeType}`);
  }
  const bytes = await readWhole(response, host);
  return {
    kind: "image",
    name: `image-${index + 1}.${extension}`,
    mimeType,
    sizeBytes: bytes.size,
    open: async () => bytes.stream(),
  };
}

async function readWhole(response: Response, host: string): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxImageBytes) throw new Error(`The image at ${host} is larger than ${maxImageBytes / 1024 / 1024} MB`);
    chunks.push(new Uint8Array(chunk));
  }
  return new Blob(chunks);
}
