import { AsyncLocalStorage } from "node:async_hooks";
import type { Logger } from "@hermes/core";
import { toPlatformFailure } from "./failure.ts";
import type { Http } from "@hermes/http";
import { quietLogger } from "./quiet-logger.ts";
import { sdkFetch } from "./sdk-fetch.ts";

export interface CallsOptions {
  /** The instance's id, for errors. */
  readonly platform: string;
  readonly token: string;
  readonly apiRoot: string;
  readonly http: Http;
  readonly logger: Logger;
  /** How long an answer may stay away, in milliseconds. Default 30 s. */
  readonly silenceMs?: number | undefined;
}

/** What Slack answered; what is in it is looked at where it is used. */
export type Answer = Readonly<Record<string, unknown>>;

/** What every group of calls is made of. */
export interface Calls {
  readonly options: CallsOptions & { readonly silenceMs: number };
  /** Calls a method once: nothing is queued or tried again. Throws what the SDK throws. */
  readonly raw: (method: string, fields: Readonly<Record<string, unknown>>, signal?: AbortSignal) => Promise<Answer>;
  /** Runs something; what it throws becomes a `PlatformError` that says what was tried. */
  readonly attempt: <Result>(what: string, run: () => Promise<Result>) => Promise<Result>;
}

const defaultSilenceMs = 30_000;

/** Opens the Web API of one workspace; loads Bolt now. */
export async function openCalls(given: CallsOptions): Promise<Calls> {
  const { webApi: sdk, LogLevel } = await import("@slack/bolt");
  const options = { ...given, silenceMs: given.silenceMs ?? defaultSilenceMs };
  // The SDK has no way to end one call: its signal goes along by the context.
  const signals = new AsyncLocalStorage<AbortSignal | undefined>();
  const client = new sdk.WebClient(options.token, {
    slackApiUrl: `${options.apiRoot}/`,
    logger: quietLogger(options.logger, LogLevel.ERROR),
    // The SDK would try ten times in half an hour, and wait out rate limits: that is the outbox's to decide.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    maxRequestConcurrency: Number.POSITIVE_INFINITY,
    allowAbsoluteUrls: false,
    fetch: sdkFetch(options, () => signals.getStore()),
  });
  return {
    options,
    raw: async (method, fields, signal) =>
      (await signals.run(signal, () => client.apiCall(method, { ...fields }))) as unknown as Answer,
    async attempt(what, run) {
      try {
        return await run();
      } catch (error) {
        throw toPlatformFailure(error, what, options.platform);
      }
    },
  };
}
