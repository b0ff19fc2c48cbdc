import type { GatewayOptions } from "../options.ts";
import { DrainingNotices } from "../restart/draining-notices.ts";
import { HomeNotices } from "../restart/home-notices.ts";
import { Lives } from "../restart/lives.ts";
import { RestartDesk } from "../restart/restart-desk.ts";
import { Resumes } from "../restart/resumes.ts";
import type { CommonRooms } from "./common.ts";
import type { DeliveryRooms } from "./delivery-rooms.ts";

/** What knows how processes end and begin. */
export interface RestartRooms {
  readonly lives: Lives;
  readonly resumes: Resumes;
  readonly restarts: RestartDesk;
  readonly restartNotices: HomeNotices;
  readonly draining: DrainingNotices;
}

export function buildRestartRooms(common: CommonRooms, delivery: DeliveryRooms, { restart = {} }: GatewayOptions): RestartRooms {
  const { quietPlatforms = [] } = restart;
  const { maxQuickCrashes } = common.limits;
  const lives = new Lives({ ...common, isPassing: restart.isPassing === true });
  const restartNotices = new HomeNotices({ ...common, ...delivery, lives, quietPlatforms, maxQuickCrashes });
  const resumes = new Resumes({
    ...common,
    lives,
    // Not awaited: a turn does not wait for what is told of it, and telling never rejects.
    onLeft: (turn, verdict) => void restartNotices.tellLeft(turn, verdict),
  });
  return {
    lives,
    resumes,
    restartNotices,
    restarts: new RestartDesk({ ...common, ...delivery, options: restart }),
    draining: new DrainingNotices(common),
  };
}
