import { describeKills } from "./describe-kills.ts";

describeKills("matrix");
