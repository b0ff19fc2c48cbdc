import { isRpcError, methods, type Client } from "@hermes/protocol";
import { answer } from "./answer.ts";
import { isJson, readBody } from "./read-body.ts";

const maxBodyBytes = 1024 * 1024;

/** A plain door for notifications: `{target, text}` in, evidence out. */
export async function takeMessage(request: Request, client: Pick<Client, "call">): Promise<Response> {
  if (!isJson(request)) return answer(415, { error: "a POST of application/json is expected" });
  const body = await readBody(request, maxBodyBytes);
  if (body === undefined) return answer(413, { error: `a body of at most ${maxBodyBytes} bytes in UTF-8 is expected` });
  const key = request.headers.get("idempotency-key");
  const given = parseObject(body);
  if (given === undefined) return answer(400, { error: 'a body such as {"target":"telegram:42","text":"Hello"} is expected' });
  const message = methods["messages.send"].params.check({ ...given, ...(key === null ? {} : { idempotencyKey: key }) }, "");
  if (!message.ok) return answer(400, { error: message.problem, kind: "invalid-params", field: message.at });
  try {
    const evidence = await client.call("messages.send", message.value);
    return answer(evidence.state === "sent" ? 200 : evidence.state === "failed" ? 502 : 202, evidence);
  } catch (error) {
    if (!isRpcError(error)) throw error;
    const { kind, message, field } = error;
    return answer(statuses[kind] ?? 500, { error: message, kind, ...(field === undefined ? {} : { field }) });
  }
}

const statuses: Readonly<Record<string, number>> = {
  "invalid-params": 400,
  "not-found": 404,
  conflict: 409,
  "rate-limited": 429,
  unavailable: 503,
};

function parseObject(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
