import { refuse, startProtocolServer, type ProtocolServer, type Reply, type ServerCall } from "@hermes/testkit/server";

/** A recording as it arrived. */
export interface HeardRecording {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
  readonly model: string;
  readonly language: string | null;
}

/** A picture as it arrived, with what was asked about it. */
export interface SeenPicture {
  readonly mimeType: string;
  readonly bytes: Uint8Array;
  readonly prompt: string;
  readonly model: string;
}

/** What the server says. */
export interface MediaServerOptions {
  readonly hears?: (recording: HeardRecording) => Readonly<Record<string, unknown>>;
  readonly sees?: (picture: SeenPicture) => string;
}

/** OpenAI's transcriptions and chat completions on loopback, as strict as the real ones about what they read. */
export interface MediaServer {
  /** `http://127.0.0.1:port/v1` */
  readonly baseUrl: string;
  readonly heard: readonly HeardRecording[];
  readonly seen: readonly SeenPicture[];
  readonly http: ProtocolServer;
  close(): Promise<void>;
}

/** The key it takes. */
export const apiKey = "sk-for-tests-of-media";

/** "File uploads are currently limited to 25 MB" (guides/speech-to-text). */
const maxUploadBytes = 25 * 1024 * 1024;
const formats = ["flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "oga", "ogg", "wav", "webm"];
const knownFields = new Set(["file", "model", "language", "prompt", "response_format", "temperature"]);

/** Starts one on a free port. */
export async function startMediaServer({ hears, sees }: MediaServerOptions = {}): Promise<MediaServer> {
  const heard: HeardRecording[] = [];
  const seen: SeenPicture[] = [];
  const transcribe = async (call: ServerCall): Promise<Reply> => {
    const recording = await readRecording(call);
    heard.push(recording);
    return { body: hears?.(recording) ?? { text: "Hello there.", usage: { type: "duration", seconds: 3 } } };
  };
  const complete = (call: ServerCall): Reply => {
    const picture = readPicture(call.json());
    seen.push(picture);
    const message = { role: "assistant", content: sees?.(picture) ?? "A cat on a chair.", refusal: null };
    const choices = [{ index: 0, message, finish_reason: "stop", logprobs: null }];
    return { body: { id: "chatcmpl-1", object: "chat.completion", created: 1, model: picture.model, choices } };
  };
  const http = await startProtocolServer({
    routes: [
      {
        method: "POST",
        path: "/v1/audio/transcriptions",
        operation: "transcribe",
        maxBodyBytes: maxUploadBytes + 4096,
        handle: transcribe,
      },
      { method: "POST", path: "/v1/chat/completions", operation: "chat", maxBodyBytes: 50_000_000, handle: complete },
    ],
    authorize(call) {
      if (call.headers.get("authorization") === `Bearer ${apiKey}`) return;
      throw wrong(401, `Incorrect API key provided: ${call.headers.get("authorization") ?? "none"}.`, "invalid_api_key");
    },
    secrets: [apiKey],
  });
  return { baseUrl: `${http.url}/v1`, heard, seen, http, close: () => http.close() };
}

async function readRecording(call: ServerCall): Promise<HeardRecording> {
  if (!call.headers.get("content-type")?.startsWith("multipart/form-data")) throw wrong(400, "Expected multipart/form-data");
  const form = await call.form();
  for (const field of form.keys())
    if (!knownFields.has(field)) throw wrong(400, `Unrecognized request argument supplied: ${field}`);
  const [file, model, format, language] = ["file", "model", "response_format", "language"].map((name) => form.get(name));
  if (!(file instanceof File)) throw wrong(400, "you must provide a file");
  if (typeof model !== "string") throw wrong(400, "you must provide a model parameter");
  if (format !== null && format !== undefined && format !== "json") throw wrong(400, "response_format 'json' is expected here");
  if (typeof language === "string" && !/^[a-z]{2}$/u.test(language)) throw wrong(400, `Invalid language '${language}'`);
  if (!formats.includes(file.name.split(".").at(-1) ?? ""))
    throw wrong(400, `Unrecognized file format. Supported formats: ${JSON.stringify(formats)}`);
  if (file.size > maxUploadBytes) throw wrong(413, `Maximum content size limit (${maxUploadBytes}) exceeded`);
  if (file.size === 0) throw wrong(400, "Audio file is too short. Minimum audio length is 0.1 seconds.", "audio_too_short");
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { name: file.name, mimeType: file.type, bytes, model, language: typeof language === "string" ? language : null };
}

type Tree = Readonly<Record<string, unknown>>;

function readPicture(body: unknown): SeenPicture {
  const { model, messages, ...others } = body as Tree;
  if (Object.keys(others).length > 0) throw wrong(400, `Unrecognized request argument supplied: ${Object.keys(others)[0]}`);
  if (typeof model !== "string") throw wrong(400, "you must provide a model parameter");
  const [message] = Array.isArray(messages) ? (messages as readonly Tree[]) : [];
  const parts = Array.isArray(message?.["content"]) ? (message["content"] as readonly Tree[]) : [];
  const text = parts.find((part) => part["type"] === "text")?.["text"];
  const url = (parts.find((part) => part["type"] === "image_url")?.["image_url"] as Tree | undefined)?.["url"];
  const found = /^data:(image\/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/]+=*)$/u.exec(String(url));
  if (message?.["role"] !== "user" || typeof text !== "string" || found === null) throw wrong(400, "Invalid image data");
  return { model, prompt: text, mimeType: found[1] ?? "", bytes: Buffer.from(found[2] ?? "", "base64") };
}

function wrong(status: number, message: string, code: string | null = null) {
  return refuse(status, { error: { message, type: "invalid_request_error", param: null, code } });
}
