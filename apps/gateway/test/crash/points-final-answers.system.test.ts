import { describeCrashPoints } from "./describe-crash-points.ts";

describeCrashPoints({ style: "final", tells: "answers" });
