import { resolve } from "node:path";
import { isNetwork } from "../http/networks.ts";
import { gatewayKey, type GatewayKey, type KeyFact } from "./keys.ts";
import type { Problem } from "./problem.ts";
import type { KeyReader, KeyValue } from "./read-key.ts";

/** How the gateway is reached, and by whom. */
export interface ServerSettings {
  readonly host: string;
  readonly port: number;
  readonly token?: string;
  readonly previousToken?: { readonly token: string; readonly untilMs: number };
  readonly writeToken?: string;
  readonly readToken?: string;
  readonly publicUrl?: URL;
  readonly trustedProxies: readonly string[];
  readonly allowAddresses: readonly string[];
  /** Full paths of files in PEM. */
  readonly tls?: { readonly certificatePath: string; readonly keyPath: string };
}

interface ReadServer {
  readonly settings: ServerSettings;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** A bearer token shorter than this can be guessed. */
const minTokenLength = 16;
/** More than this no header carries. */
const maxTokenLength = 1024;

/** Reads `server`. What is wrong is told in `problems` and left out. */
export function readServerSettings(keys: KeyReader, home: string): ReadServer {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const at = (key: GatewayKey): readonly [readonly string[], KeyFact] => [key.split("."), gatewayKey(key)];
  const token = (key: GatewayKey): string | undefined => {
    const found = keys.text(...at(key));
    if (found === undefined) return undefined;
    const { fatal, problem } = checkToken(key, found) ?? {};
    if (problem !== undefined) (fatal === true ? problems : warnings).push(problem);
    return found.value;
  };
  const networks = (key: GatewayKey): readonly string[] => {
    const found = keys.list(...at(key));
    const wrong = found?.value.filter((entry) => !isNetwork(entry)) ?? [];
    if (found !== undefined && wrong.length > 0) problems.push(badNetwork(key, found, wrong));
    return found?.value.filter((entry) => isNetwork(entry)) ?? [];
  };
  const publicUrl = keys.text(...at("server.publicUrl"));
  const parsedUrl = publicUrl === undefined ? undefined : parseUrl(publicUrl.value);
  if (publicUrl !== undefined && parsedUrl === undefined) problems.push(badUrl(publicUrl));
  const [certificate, key] = [keys.text(...at("server.tls.certificate")), keys.text(...at("server.tls.key"))];
  const lonely = certificate === undefined ? key : key === undefined ? certificate : undefined;
  if (lonely !== undefined) problems.push(halfOfTls(certificate === undefined, lonely));
  const [ownToken, writeToken, readToken] = [token("server.token"), token("server.writeToken"), token("server.readToken")];
  problems.push(...sameTokens(keys));
  const previous = readPrevious(token("server.previousToken"), keys.text(...at("server.previousTokenUntil")), problems);
  return {
    settings: {
      host: keys.text(...at("server.host"))?.value ?? "127.0.0.1",
      port: keys.port(...at("server.port"))?.value ?? 8642,
      ...(ownToken === undefined ? {} : { token: ownToken }),
      ...(previous === undefined ? {} : { previousToken: previous }),
      ...(writeToken === undefined ? {} : { writeToken }),
      ...(readToken === undefined ? {} : { readToken }),
      ...(parsedUrl === undefined ? {} : { publicUrl: parsedUrl }),
      trustedProxies: networks("server.trustedProxies"),
      allowAddresses: networks("server.allowAddresses"),
      ...(certificate === undefined || key === undefined
        ? {}
        : { tls: { certificatePath: resolve(home, certificate.value), keyPath: resolve(home, key.value) } }),
    },
    problems,
    warnings,
  };
}

function readPrevious(
  token: string | undefined,
  until: KeyValue<string> | undefined,
  problems: Problem[],
): ServerSettings["previousToken"] {
  if (token === undefined) return undefined;
  const untilMs = until === undefined || !momentPattern.test(until.value) ? Number.NaN : Date.parse(until.value);
  if (!Number.isNaN(untilMs)) return { token, untilMs };
  problems.push({
    key: "server.previousTokenUntil",
    ...(until === undefined ? {} : { shown: JSON.stringify(until.value), source: until.source }),
    message: "expected a moment: a previous token has to end",
    remedy: "Write it such as 2026-12-31T12:00:00Z.",
  });
  return undefined;
}

/** A moment that means the same wherever the gateway runs. */
const momentPattern = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/u;

/** One token cannot have two scopes, nor be good and about to end. */
function sameTokens(keys: KeyReader): readonly Problem[] {
  const names = ["server.token", "server.previousToken", "server.writeToken", "server.readToken"] as const;
  const byToken = new Map<string, GatewayKey>();
  return names.flatMap((key): Problem[] => {
    const found = keys.text(key.split("."), gatewayKey(key));
    const other = found === undefined ? undefined : byToken.get(found.value);
    if (found !== undefined) byToken.set(found.value, other ?? key);
    if (found === undefined || other === undefined) return [];
    const message = `is the same token as \`${other}\``;
    return [{ key, shown: "(hidden)", source: found.source, message, remedy: "Give each of them a token of its own." }];
  });
}

function checkToken(
  key: GatewayKey,
  { value, source }: KeyValue<string>,
): { readonly fatal: boolean; readonly problem: Problem } | undefined {
  const remedy = "`openssl rand -hex 32` makes a good one; without any, one is made for this home.";
  const problem = { key, shown: "(hidden)", source, remedy };
  if (!/^[\x21-\x7E]+$/u.test(value)) {
    return { fatal: true, problem: { ...problem, message: "expected letters, digits and signs of ASCII without spaces" } };
  }
  if (value.length > maxTokenLength) {
    return { fatal: true, problem: { ...problem, message: `expected at most ${maxTokenLength} characters` } };
  }
  if (value.length < minTokenLength) {
    return { fatal: false, problem: { ...problem, message: `a token shorter than ${minTokenLength} characters can be guessed` } };
  }
  return undefined;
}

function parseUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain = url.username === "" && url.password === "" && url.search === "" && url.hash === "" && url.pathname === "/";
  return (url.protocol === "https:" || url.protocol === "http:") && isPlain ? url : undefined;
}

function badUrl({ value, source }: KeyValue<string>): Problem {
  const message = "expected the address that people use, without path, user or query";
  const remedy = "Write it such as https://hermes.example.org.";
  // An address with a user in it has a password too.
  const shown = value.includes("@") ? "(hidden)" : JSON.stringify(value);
  return { key: "server.publicUrl", shown, source, message, remedy };
}

function badNetwork(key: GatewayKey, { source }: KeyValue<unknown>, wrong: readonly string[]): Problem {
  const message = "expected addresses or networks";
  return { key, shown: JSON.stringify(wrong[0]), source, message, remedy: "Write them such as 192.0.2.7 or 10.0.0.0/8." };
}

function halfOfTls(isKey: boolean, { source }: KeyValue<string>): Problem {
  const [key, missing] = isKey ? ["server.tls.key", "server.tls.certificate"] : ["server.tls.certificate", "server.tls.key"];
  return { key, source, message: `needs \`${missing}\` beside it`, remedy: "Name both files, or neither." };
}
