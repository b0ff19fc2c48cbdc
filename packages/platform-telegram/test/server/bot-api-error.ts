/** What Telegram answers with `ok: false`. */
export class BotApiError extends Error {
  override readonly name = "BotApiError";
  readonly code: number;
  readonly parameters: Readonly<Record<string, number>> | undefined;

  constructor(code: number, description: string, parameters?: Readonly<Record<string, number>>) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}

/** The commonest refusal. */
export function badRequest(description: string, parameters?: Readonly<Record<string, number>>): BotApiError {
  return new BotApiError(400, `Bad Request: ${description}`, parameters);
}
