/** What a caller is told besides status and text. */
export interface ApiErrorOptions {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Where in the body the fault is: `messages[2].content[0]`. */
  readonly param?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Why a request is not answered, in the form OpenAI's clients know. Its message never holds a key or somebody's text. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly param: string | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor({ status, code, message, param, headers = {} }: ApiErrorOptions) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = param ?? null;
    this.headers = headers;
  }

  /** OpenAI's word for the class of the error. */
  get type(): string {
    if (this.status >= 500) return "server_error";
    return this.status === 429 ? "rate_limit_error" : "invalid_request_error";
  }

  /** The body of the answer, and of an event that ends a stream. */
  get body(): { readonly error: Readonly<Record<"message" | "type" | "code", string> & { readonly param: string | null }> } {
    return { error: { message: this.message, type: this.type, param: this.param, code: this.code } };
  }
}

/** A fault in what was asked. */
export function badRequest(code: string, message: string, param?: string): ApiError {
  return new ApiError({ status: 400, code, message, param });
}

/** Not now: the same request may go well later. */
export function notNow(status: 429 | 503, code: string, message: string, retryAfterSeconds: number): ApiError {
  return new ApiError({ status, code, message, headers: { "retry-after": String(retryAfterSeconds) } });
}
