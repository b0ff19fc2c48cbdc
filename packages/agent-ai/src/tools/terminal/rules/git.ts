import type { DangerRule } from "./rule.ts";

/** Dangers to what git keeps. */
export const gitRules: readonly DangerRule[] = [
  {
    id: "git-push",
    what: "overwrites or deletes what others have in git",
    names: ["git"],
    args: /(?:^| )push\b.*(?: -[a-zA-Z]*[fd]| --(?:f|m|d|prune)| \+| :)/u,
  },
  {
    id: "git-discard",
    what: "throws away changes in git",
    mayBeRemembered: true,
    names: ["git"],
    args: /(?:^| )(?:reset\b.* --(?:h|k|m)|clean\b.* -(?:-f|[a-zA-Z]*[fdxX])|checkout\b.*(?: -(?:f|-f)| --? | \.)|restore\b|switch\b.* (?:-f|--(?:f|d)|-C)|stash +(?:drop|clear)|branch\b.* -(?:D|[a-zA-Z]*f|-f|-d)|worktree +remove|rm\b)/u,
  },
  {
    id: "git-history",
    what: "rewrites history in git",
    names: ["git"],
    args: /(?:^| )(?:filter-|reflog +(?:expire|delete)|update-ref|gc\b.*--prune|replace\b)/u,
  },
];
