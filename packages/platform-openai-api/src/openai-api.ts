import { definePlatform, systemClock, type Clock, type Platform } from "@hermes/core";
import { capabilityTable } from "./capabilities.ts";
import { configurationSchema, type OpenAiApiConfiguration } from "./configuration.ts";
import { openConnection } from "./connection.ts";
import { measure } from "./encode.ts";
import { Desk } from "./exchange/desk.ts";
import { Exchanges } from "./exchange/exchanges.ts";
import { KeptResponses } from "./exchange/kept-responses.ts";
import { Uploads } from "./exchange/uploads.ts";
import { receiveRequest } from "./transport.ts";
import { KeyRing } from "./transport/keys.ts";
import { Slots } from "./transport/slots.ts";
import { WrongKeys } from "./transport/wrong-keys.ts";

export interface OpenAiApiOptions {
  /** The instance's id. Default `openai-api`. */
  readonly id?: string | undefined;
  /** The key of the one caller, whose name is then `default`. 16 to 512 visible ASCII characters. */
  readonly key?: string | undefined;
  /** Several callers, each with a name and a key. */
  readonly keys?: readonly { readonly name: string; readonly key: string }[] | undefined;
  /** The model that callers see. Default `hermes-agent`. */
  readonly modelName?: string | undefined;
  /** The largest request body. Default 10 000 000. */
  readonly maxBodyBytes?: number | undefined;
  /** Requests that are worked on at once. Default 64. */
  readonly maxConcurrentRequests?: number | undefined;
  /** Web pages that may call from a browser, such as `https://chat.example.com`. Default none. */
  readonly corsOrigins?: readonly string[] | undefined;
}

/** What the server in front knows, and what a test puts in place of the machine's own. */
export interface OpenAiApiSurroundings {
  readonly clock?: Clock;
  /** The caller's network address, if the server knows it: wrong keys are counted for each. Default: nobody's is known. */
  readonly addressOf?: (request: Request) => string | undefined;
  /** How many bytes of a stream may wait for a slow reader. Default 1 000 000. */
  readonly maxQueuedBytes?: number;
}

/**
 * An OpenAI-compatible API in front of the agent. It is reached by `receive`: every request whose path ends in `/v1/…`.
 *
 * @throws TypeError for options that cannot work, saying which and why.
 */
export function openaiApi(options: OpenAiApiOptions, surroundings: OpenAiApiSurroundings = {}): Platform {
  const { id = "openai-api", ...given } = options;
  const { key, keys = [], modelName = "hermes-agent", corsOrigins = [], ...limits } = checked(given);
  const { clock = systemClock, addressOf = () => undefined, maxQueuedBytes = 1_000_000 } = surroundings;
  const exchanges = new Exchanges(clock);
  const uploads = new Uploads();
  const kept = new KeptResponses();
  const parts = {
    modelName,
    maxBodyBytes: limits.maxBodyBytes ?? 10_000_000,
    maxQueuedBytes,
    corsOrigins: new Set(corsOrigins),
    keys: new KeyRing([...(key === undefined ? [] : [{ name: "default", key }]), ...keys]),
    wrongKeys: new WrongKeys(clock),
    addressOf,
    slots: new Slots(limits.maxConcurrentRequests ?? 64),
    desk: new Desk({ platform: id, modelName, clock, exchanges, uploads, kept }),
    kept,
    clock,
  };
  return definePlatform({
    apiVersion: 1,
    id,
    kind: "openai-api",
    capabilities: capabilityTable,
    // Nobody is listened to elsewhere: as many processes as one likes may answer their own callers.
    claims: [],
    measure,
    receive: (request, host) => receiveRequest(request, host, parts),
    connect: async (host) => openConnection({ platform: id, modelName, host, exchanges, uploads }),
  });
}

function checked(options: Omit<OpenAiApiOptions, "id">): OpenAiApiConfiguration {
  const result = configurationSchema.safeParse(options);
  if (result.success) return result.data;
  const found = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `\`${path.join(".")}\`: ${message}`,
  );
  throw new TypeError(`These options of the OpenAI-compatible API cannot work. ${found.join("; ")}`);
}
