import type { Logger, Platform, Received } from "@hermes/core";
import type { Supervisor } from "./supervisor.ts";

/** `…/webhooks/{platform id}`, wherever it is mounted. An encoded separator never matches. */
const webhookPath = /(?:^|\/)webhooks\/([A-Za-z0-9_-]+)\/?$/u;

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
  if (supervisor.isPaused) return plain(503, "This platform is paused");
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
export function plain(status: number, text: string): Response {
  return new Response(`${text}\n`, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}
