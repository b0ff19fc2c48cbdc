import { describeBadPlatforms } from "./describe-bad-platforms.ts";

describeBadPlatforms(0);
