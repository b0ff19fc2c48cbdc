import type { OutboundFile } from "@hermes/core";
import type { RawApi } from "grammy";
import type { ApiResponse } from "grammy/types";
import { toPlatformFailure } from "./failure.ts";
import { multipart, type UploadBody } from "@hermes/http";
import { openBotHttp, type BotHttp } from "./http.ts";

export interface ApiOptions {
  /** The instance's id, for errors. */
  readonly platform: string;
  readonly token: string;
  readonly apiRoot: string;
  readonly proxy?: string | undefined;
  /** How long an answer may stay away, in milliseconds. Default 60 s: longer than a long poll. */
  readonly silenceMs?: number;
  /** Told when Telegram could not read the markup and the text was sent without it. */
  readonly onPlainText?: (() => void) | undefined;
}

/** What every group of calls is made of. */
export interface Calls {
  readonly options: ApiOptions;
  readonly http: BotHttp;
  /** grammY's methods: they throw what Telegram refuses. */
  readonly raw: RawApi;
  /** Runs a call; what it throws becomes a `PlatformError` that says what was tried. */
  readonly attempt: <Result>(what: string, call: () => Promise<Result>) => Promise<Result>;
}

/** Where a payload keeps the files that its `attach://` addresses name. */
const attached = Symbol("attached");

/** The payload of a call that brings files along, by the names of their parts. */
export function withFiles<P extends object>(payload: P, files: ReadonlyMap<string, OutboundFile>): P {
  return Object.assign(payload, { [attached]: files });
}

/** grammY's types know only an older class of the same shape. */
export function native(signal: AbortSignal): NonNullable<Parameters<RawApi["getMe"]>[0]> {
  return signal as NonNullable<Parameters<RawApi["getMe"]>[0]>;
}

/** Opens the Bot API; loads grammY now. */
export async function openCalls(options: ApiOptions): Promise<Calls> {
  const { Api: GrammyApi } = await import("grammy");
  const http = openBotHttp({ root: options.apiRoot, proxy: options.proxy, silenceMs: options.silenceMs ?? 60_000 });
  const grammy = new GrammyApi(options.token);
  // In place of grammY's own call, which makes a timer, a stream and an abort controller of its own for each. It still tells a
  // refusal from a result; what is in a result is looked at where it is used.
  grammy.config.use(async (_call, method, payload, signal) => {
    const path = `/bot${options.token}/${method}`;
    const files = (payload as { readonly [attached]?: ReadonlyMap<string, OutboundFile> })[attached];
    const answer =
      files === undefined
        ? await http.post(path, JSON.stringify(payload), signal)
        : await http.upload(path, formOf(payload, files), signal);
    return answer as ApiResponse<never>;
  });
  return {
    options,
    http,
    raw: grammy.raw,
    async attempt(what, call) {
      try {
        return await call();
      } catch (error) {
        throw toPlatformFailure(error, what, options);
      }
    },
  };
}

/** The parameters of a call and its files, each under the name of its part. */
function formOf(payload: object, files: ReadonlyMap<string, OutboundFile>): UploadBody {
  const texts = Object.entries(payload)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ name, text: typeof value === "string" ? value : JSON.stringify(value) }));
  return multipart(
    texts,
    [...files].map(([name, file]) => ({ name, file })),
  );
}
