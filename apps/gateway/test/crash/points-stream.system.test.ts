import { describeCrashPoints } from "./describe-crash-points.ts";

describeCrashPoints({ style: "stream", tells: "not at all" });
