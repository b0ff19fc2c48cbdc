import { toAgent, type Agent, type Logger } from "@hermes/core";
import { mainAgent, Roster } from "../agents/roster.ts";
import { fetchOutside } from "../fetch-outside.ts";
import { sendImages } from "../media/send-images.ts";
import type { GatewayOptions } from "../options.ts";

const namePattern = /^[a-z][a-z0-9_-]{0,31}$/u;

/**
 * The agents of a gateway by their names, and where each answers.
 *
 * @throws TypeError for a name that cannot stand in a conversation's key, or a route that leads nowhere.
 */
export function buildRoster({ agent, agents = {}, routes = [], images = "links" }: GatewayOptions, logger: Logger): Roster {
  const equipped = (given: GatewayOptions["agent"]): Agent =>
    images === "links" ? toAgent(given) : sendImages(toAgent(given), { fetch: fetchOutside, logger });
  for (const name of Object.keys(agents)) {
    if (!namePattern.test(name) || name === mainAgent)
      throw new TypeError(
        `Expected the name of an agent in \`agents\` to be a short word in lower case other than \`main\`, got \`${name}\``,
      );
  }
  const named = Object.entries(agents).map(([name, given]) => [name, equipped(given)] as const);
  return new Roster(new Map([[mainAgent, equipped(agent)], ...named]), routes);
}
