import { describeKills } from "./describe-kills.ts";

describeKills("slack");
