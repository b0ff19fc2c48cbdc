/** One request as it arrived, with secrets masked. */
export interface LoggedRequest {
  readonly operation: string;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Text as it was; of a multipart form and of bytes only how many there were. */
  body: string;
  /** The answer's status; undefined while there is none, and where there never was one. */
  status: number | undefined;
}

/** Takes every secret out of a text. */
export type Mask = (text: string) => string;

/** A mask for these secrets, also where they stand encoded in an address. */
export function createMask(secrets: readonly string[]): Mask {
  const known = [...new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]))].filter((secret) => secret !== "");
  return (text) => known.reduce((masked, secret) => masked.replaceAll(secret, "•••"), text);
}

/** The entry for a request whose body is not read yet. */
export function logEntry(operation: string, method: string, url: URL, headers: Headers, mask: Mask): LoggedRequest {
  return {
    operation,
    method,
    path: mask(`${url.pathname}${url.search}`),
    headers: Object.fromEntries([...headers].map(([name, value]) => [name, mask(value)])),
    body: "",
    status: undefined,
  };
}

/** What the log says about a body. */
export function describeBody(bytes: Uint8Array, contentType: string, mask: Mask): string {
  if (bytes.byteLength === 0) return "";
  const isText = /^(?:text\/|application\/(?:json|x-www-form-urlencoded))/u.test(contentType);
  return isText ? mask(new TextDecoder().decode(bytes)) : `${bytes.byteLength} bytes`;
}
