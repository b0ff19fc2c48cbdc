import type { Logger, Platform, Received } from "@hermes/core";
import type { Supervisor } from "./supervision/supervisor.ts";

/** `…/webhooks/{platform id}`, wherever it is mounted. An encoded separator never matches. */
const webhookPath = /(?:^|\/)webhooks\/([A-Za-z0-9_-]+)\/?$/u;

/** Nobody knows when it is resumed: soon enough that little waits for it, and not so often that it is a burden. */
const pausedRetrySeconds = 120;

/** Hands a request to the platform that is named, or that its path names. */
export async function routeWebhook(
  request: Request,
  platforms: ReadonlyMap<string, Platform>,
  supervisors: ReadonlyMap<string, Supervisor>,
  logger: Logger,
  named?: string,
): Promise<Received> {
  const id = named ?? webhookPath.exec(pathOf(request.url))?.[1];
  const platform = id === undefined ? undefined : platforms.get(id);
  const supervisor = id === undefined ? undefined : supervisors.get(id);
  if (platform?.receive === undefined || supervisor === undefined) return plain(404, "There is no webhook here");
  if (supervisor.isPaused) {
    supervisor.turnAway();
    return plain(503, "This platform is paused", { "retry-after": String(pausedRetrySeconds) });
  }
  try {
    return await platform.receive(request, supervisor.host);
  } catch (error) {
    logger.error(`[${platform.id}] A webhook failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return plain(500, "The webhook could not be processed");
  }
}

function pathOf(url: string): string {
  const query = url.search(/[?#]/u);
  return query === -1 ? url : url.slice(0, query);
}

/** A one-line answer in plain text. */
export function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${text}\n`, { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers } });
}
