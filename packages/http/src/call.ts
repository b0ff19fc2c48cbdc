import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import type { HttpSignal } from "./http-failure.ts";
import type { UploadBody } from "./upload-body.ts";

/** One request. */
export interface HttpCall {
  readonly method: string;
  /** An http or https address; whoever calls it often keeps the object. */
  readonly url: URL;
  readonly headers?: OutgoingHttpHeaders;
  /** Its length is announced. */
  readonly body?: string | UploadBody | undefined;
  readonly signal?: HttpSignal | undefined;
  /** How long nothing may come, in milliseconds. */
  readonly silenceMs: number;
}

/** An answer whose body is not read yet. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As announced. */
  readonly sizeBytes: number | undefined;
  /** As it comes; ends by itself or throws an `HttpFailure`. Whoever stops reading closes the connection. */
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
  /** Closes the connection without reading. */
  discard(): void;
}

/** An answer, read whole. */
export interface HttpText {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}
