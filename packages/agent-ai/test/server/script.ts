/** What the model does with one request. */
export type ModelStep =
  | {
      /** In pieces, as they come. */
      readonly text?: readonly string[];
      readonly reasoning?: readonly string[];
      /** Given back with the reasoning, and to be sent again unchanged (Anthropic, Google, OpenAI's Responses). */
      readonly signature?: string;
      readonly calls?: readonly ScriptedCall[];
      readonly usage?: { readonly input: number; readonly output: number; readonly cached?: number; readonly reasoning?: number };
      /** Default `stop`, or `tool_calls` where there are calls. */
      readonly finish?: "stop" | "length" | "content_filter";
      /** Waits for this before the first piece. */
      readonly after?: Promise<unknown>;
      /** Waits for this before the end, after all pieces. */
      readonly endsAfter?: Promise<unknown>;
      /** The connection breaks in the middle of an event, after all pieces. */
      readonly cut?: true;
      /** Ends without `finish_reason` and `[DONE]`. */
      readonly endless?: true;
      /** A line of the stream that is no JSON, after all pieces. */
      readonly malformed?: true;
    }
  | { readonly error: ServerError };

/** A call of a tool. */
export interface ScriptedCall {
  readonly id: string;
  readonly name: string;
  /** JSON as text, right or wrong; split over several pieces. */
  readonly arguments: string;
}

/** A refusal, with the body the vendor's server sends. */
export type ServerError =
  | { readonly status: 400; readonly code: "context_length_exceeded" | "invalid_request" }
  | { readonly status: 401 | 403 | 404 | 500 | 503 }
  | { readonly status: 429; readonly retryAfterSeconds?: number };

/** One request as it arrived. */
export interface ModelRequest {
  readonly path: string;
  readonly headers: Headers;
  /** The body, byte for byte. */
  readonly raw: string;
  readonly body: { readonly [key: string]: unknown };
}

/** What comes next: steps one after the other, the last again and again, or a function of the request. */
export type ModelScript = readonly ModelStep[] | ((request: ModelRequest, count: number) => ModelStep);
