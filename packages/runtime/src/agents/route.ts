/**
 * Which agent answers where. All that a route names has to hold; of several that do, the one that names the most particular thing counts:
 * a thread before a chat, a chat before a person, a person before a platform.
 */
export interface AgentRoute {
  readonly agent: string;
  /** The platform's instance id. */
  readonly platform?: string;
  readonly chat?: string;
  readonly thread?: string;
  readonly user?: string;
}

/** Where somebody speaks, and who. */
export interface RoutedPlace {
  readonly platform: string;
  readonly chatId: string;
  readonly threadId?: string;
  readonly userId?: string;
}

/** The agent of the route that counts there; undefined where none does. */
export function routedAgent(routes: readonly AgentRoute[], place: RoutedPlace): string | undefined {
  let best: AgentRoute | undefined;
  for (const route of routes) {
    if (holds(route, place) && (best === undefined || particularity(route) > particularity(best))) best = route;
  }
  return best?.agent;
}

function holds({ platform, chat, thread, user }: AgentRoute, place: RoutedPlace): boolean {
  return (
    (platform === undefined || platform === place.platform) &&
    (chat === undefined || chat === place.chatId) &&
    (thread === undefined || thread === place.threadId) &&
    (user === undefined || user === place.userId)
  );
}

function particularity({ platform, chat, thread, user }: AgentRoute): number {
  return [platform, user, chat, thread].reduce((sum, named, index) => sum + (named === undefined ? 0 : 2 ** index), 0);
}
