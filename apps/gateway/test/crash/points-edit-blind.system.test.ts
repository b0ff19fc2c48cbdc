import { describeCrashPoints } from "./describe-crash-points.ts";

describeCrashPoints({ style: "edit", tells: "not at all" });
