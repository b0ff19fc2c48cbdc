import { createDispatcher, type Handlers } from "@hermes/protocol";
import type { WebCaller } from "@hermes/platform-web";
import type { Logger } from "@hermes/core";
import type { Credential } from "../credentials/credential.ts";
import { isJson, readBody } from "../http/read-body.ts";
import { answer } from "../http/answer.ts";

const maxBodyBytes = 1024 * 1024;
/** Whoever shows no credential can ask for little. */
const maxAnonymousBytes = 16 * 1024;

/** Answers a request of JSON-RPC by HTTP, for whoever showed this credential. */
export type RpcDoor = (request: Request, credential: Credential | undefined) => Promise<Response>;

export interface RpcDoorParts {
  readonly handlers: Handlers<WebCaller>;
  readonly logger: Logger;
}

/** The door for programs: whatever is asked is answered with 200 and JSON-RPC, and 204 where nothing is to be answered. */
export function createRpcDoor({ handlers, logger }: RpcDoorParts): RpcDoor {
  const dispatcher = createDispatcher({
    handlers,
    onFault: (error, method) => logger.error(`${method} failed: ${error instanceof Error ? error.message : String(error)}`),
  });
  return async (request, credential) => {
    if (!isJson(request)) return answer(415, { error: "a POST of application/json is expected" });
    const maxBytes = credential === undefined ? maxAnonymousBytes : maxBodyBytes;
    const body = await readBody(request, maxBytes);
    if (body === undefined) return answer(413, { error: `a body of at most ${maxBytes} bytes in UTF-8 is expected` });
    const answered = await dispatcher.dispatch(body, { scope: credential?.scope, credential });
    if (answered === undefined) return new Response(null, { status: 204, headers: { "cache-control": "no-store" } });
    return new Response(answered, {
      headers: { "content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff" },
    });
  };
}
