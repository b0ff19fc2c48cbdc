import { holdsGateway, isInside, namesSecrets, placesIn, type Surroundings } from "../command-places.ts";
import type { ShellCommand } from "../shell-commands.ts";
import { list, textsOf, type DangerRule } from "./rule.ts";

const deletes = list("rm unlink shred rmdir srm trash");
const recursiveOrForced = /(?:^| )-(?:-(?:r|f|no-p)\S*|[a-zA-Z]*[rRf][a-zA-Z]*)/u;
const found =
  /(?:^| )(?:-delete|-f(?:print|ls)\S*|(?:-exec|-ok|-[a-zA-Z]*[xX])\S* +(?:\S*\/)?(?:rm|unlink|shred|mv|cp|tee|install|ch(?:mod|own)|dd|truncate)\b)/u;
const wideModes = /(?:^| )(?:-[a-zA-Z]*R|--rec|0?777\b|[0-7]?[2-7][0-7]{3}\b|[ugoa,]*\+[rwx]*s|[oa]+[+=][rx]*w|.*\*)/u;
const startFiles =
  /(?:^|[/=~])(?:\.(?:bash(?:rc|_profile|_login|_logout)|profile|z(?:shrc|shenv|profile|login)|cshrc|kshrc|gitconfig|inputrc|vimrc)|rc\.local|config\.fish)$|\/etc\/|\.git\/hooks\//iu;
/** Whose last operand is what they write. */
const copiers = list("cp install rsync scp");
const writers = list(
  "tee mv ln touch mkdir truncate unzip tar patch split csplit mktemp rm rmdir unlink gzip gunzip bzip2 bunzip2 xz unxz zstd zip 7z ar ssh-keygen",
);
/** Which of the rest write a file only where an option says so. */
const onOption: Readonly<Record<string, RegExp>> = {
  sed: /(?:^| )(?:-[a-zA-Z]*i|--in)|(?:^|[;/ ])w /u,
  gsed: /(?:^| )(?:-[a-zA-Z]*i|--in)|(?:^|[;/ ])w /u,
  sort: /(?:^| )(?:-[a-zA-Z]*o|--o)/u,
  curl: /(?:^| )(?:-[a-zA-Z]*[oOcD]|--(?:o|r|cookie-jar|dump))/u,
  wget: /(?:^| )(?:-[a-zA-Z]*[oOaP]|--(?:o|a|dir))/u,
  git: /(?:^| )(?:--output|clone|init|worktree +add|archive|bundle +create)\b/u,
  openssl: /(?:^| )-(?:out|keyout|certout)\b/u,
  gpg: /(?:^| )(?:-[a-zA-Z]*o|--o)/u,
};

/** Dangers to files. */
export const fileRules: readonly DangerRule[] = [
  { id: "delete", what: "deletes files", mayBeRemembered: true, names: ["truncate"], when: ({ args }) => args.some(isGlob) },
  {
    id: "delete",
    what: "deletes files",
    mayBeRemembered: true,
    names: deletes,
    args: recursiveOrForced,
    when: (command, around) => !deletesWidely(command, around),
  },
  { id: "delete-wide", what: "deletes whole folders, or outside of its own", names: deletes, when: deletesWidely },
  { id: "find-delete", what: "deletes or changes whatever it finds", names: list("find gfind fd"), args: found },
  {
    id: "permissions",
    what: "changes who may do what with many files",
    names: list("chmod chown chgrp setfacl chattr chflags"),
    args: wideModes,
  },
  {
    id: "device",
    what: "reads or writes a device",
    when: ({ redirects }) => redirects.some(({ target }) => /^\/dev\/(?!(?:null|stdout|stderr|stdin|zero)$)/u.test(target)),
  },
  {
    id: "write-outside",
    what: "writes outside of its folders",
    when: (command, around) => writtenBy(command).some((text) => leaves(text, around)),
  },
  {
    id: "profile",
    what: "changes what shells and programs run when they begin",
    when: (command) => writtenBy(command).some((text) => startFiles.test(text)),
  },
  {
    id: "credentials",
    what: "touches what commonly holds secrets, or the gateway's own files",
    when: ({ name, program, args, redirects }, around) =>
      name === "history" ||
      reachesGateway(name, args, around) ||
      args.some((word) => namesSecrets(word, around)) ||
      [program, ...redirects.map(({ target }) => target)].some((text) => namesSecrets({ text, hasGlob: false }, around)),
  },
];

/** Programs that take a folder with all that is below it. */
const recursive = list("grep egrep fgrep rg ag ack cp tar zip 7z rsync find gfind fd mv pax");

/** Whether one of them takes a folder with the gateway's own in it. */
function reachesGateway(name: string, args: ShellCommand["args"], around: Surroundings): boolean {
  if (!recursive.includes(name)) return false;
  const places = [...around.folders, ...args.flatMap(({ text }) => placesIn(text, around))];
  return places.some((place) => holdsGateway(place, around));
}

function isGlob({ hasGlob }: ShellCommand["args"][number]): boolean {
  return hasGlob;
}

function deletesWidely({ args }: ShellCommand, around: Surroundings): boolean {
  return args.some(({ text, hasGlob }) => {
    if (text.startsWith("-")) return false;
    if (hasGlob && /(?:^|\/)(?:[*.?]|\[[^\]]*\])+$/u.test(text)) return true;
    return placesIn(text, around).some(
      (place) => !isInside(place, around.roots) || around.folders.some((folder) => isInside(folder, [place])),
    );
  });
}

/** What of a command names files that it writes: not each is one. */
function writtenBy(command: ShellCommand): readonly string[] {
  const { name, redirects } = command;
  const texts = textsOf(command);
  const targets = redirects.filter(({ operator, target }) => isWrite(operator, target)).map(({ target }) => target);
  if (writers.includes(name) || onOption[name]?.test(texts.join(" ")) === true) return [...targets, ...texts];
  if (!copiers.includes(name)) return targets;
  return texts.some((text) => /^(?:-[a-zA-Z]*t|--t)/u.test(text)) ? [...targets, ...texts] : [...targets, ...texts.slice(-1)];
}

function isWrite(operator: string, target: string): boolean {
  if (operator === "<" || operator === "<&") return false;
  return operator !== ">&" || !/^(?:\d+|-)$/u.test(target);
}

function leaves(text: string, around: Surroundings): boolean {
  if (/^\/dev\/(?:null|stdout|stderr|zero)$/u.test(text)) return false;
  return placesIn(text, around).some((place) => !isInside(place, around.roots));
}
