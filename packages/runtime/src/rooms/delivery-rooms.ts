import { Announcements } from "../announcements.ts";
import { ChannelDirectory } from "../delivery/channel-directory.ts";
import { Deliverer } from "../delivery/deliver.ts";
import { HomeChannels } from "../delivery/home-channels.ts";
import { OperatorNotices } from "../delivery/operator-notices.ts";
import { TargetForms } from "../delivery/target-form.ts";
import { Targets } from "../delivery/targets.ts";
import type { GatewayOptions } from "../options.ts";
import type { CommonRooms } from "./common.ts";

/** What says things unasked, and knows where. */
export interface DeliveryRooms {
  readonly announcements: Announcements;
  readonly directory: ChannelDirectory;
  readonly homeChannels: HomeChannels;
  readonly operators: OperatorNotices;
  readonly deliverer: Deliverer;
}

/** @throws TypeError for home channels and aliases that cannot be meant. */
export function buildDeliveryRooms(
  common: CommonRooms,
  isLiving: (platform: string) => boolean,
  { delivery = {} }: GatewayOptions,
): DeliveryRooms {
  const { forms: manifests = {}, homeChannels: configured = {}, aliases = {} } = delivery;
  const announcements = new Announcements(common);
  const forms = new TargetForms(manifests);
  const directory = new ChannelDirectory(common);
  const homeChannels = new HomeChannels({ ...common, configured, forms, complete: (chat) => directory.complete(chat) });
  const targets = new Targets({ ...common, forms, homeChannels, directory, aliases });
  return {
    announcements,
    directory,
    homeChannels,
    operators: new OperatorNotices({ ...common, homeChannels, announcements, isLiving }),
    deliverer: new Deliverer({ targets, directory, homeChannels, announcements }),
  };
}
