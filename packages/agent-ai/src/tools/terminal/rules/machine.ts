import { list, textsOf, type DangerRule } from "./rule.ts";

const downloads = list("curl wget http https xh aria2c");

/** Dangers to the machine, its network and what others rely on. */
export const machineRules: readonly DangerRule[] = [
  {
    id: "disk",
    what: "writes to disks or file systems directly",
    names: list(
      "dd mkfs mke2fs fdisk sfdisk sgdisk gdisk cfdisk parted wipefs mkswap swapoff mount umount losetup cryptsetup lvremove vgremove pvremove zpool zfs mdadm hdparm blkdiscard diskutil",
    ),
  },
  { id: "disk", what: "writes to disks or file systems directly", when: ({ name }) => /^(?:mkfs|newfs|fsck)[._]/u.test(name) },
  {
    id: "privilege",
    what: "takes the rights of another user",
    names: list("sudo su doas pkexec runuser setpriv chroot nsenter unshare capsh newgrp sg machinectl"),
  },
  {
    id: "accounts",
    what: "changes who may log in, and how",
    names: list("useradd adduser userdel deluser usermod groupadd groupdel groupmod passwd chpasswd gpasswd chsh visudo vipw"),
  },
  { id: "kill", what: "ends other programs", names: list("pkill killall killall5 skill slay fuser xkill") },
  { id: "kill", what: "ends other programs", names: ["kill"], args: /^(?!-(?:l|0)(?: |$)).+/u },
  {
    id: "service",
    what: "stops or changes services or the machine",
    names: list(
      "systemctl service shutdown reboot halt poweroff init telinit launchctl rc-service rc-update loginctl initctl update-rc.d sysctl modprobe insmod rmmod kexec pm-suspend",
    ),
  },
  {
    id: "leaves-behind",
    what: "starts what goes on after the call",
    names: list("setsid nohup disown screen tmux daemonize daemon start-stop-daemon crontab at batch systemd-run atd"),
  },
  {
    id: "container",
    what: "does with containers what reaches further than them",
    names: list("docker podman nerdctl ctr kubectl helm docker-compose lxc"),
    args: /--privileged|--cap-add|--pid[= ]|--net(?:work)?[= ]host|--device|(?:^| )-[a-z]*v|--volume|--mount|\b(?:prune|rm|rmi|kill|delete|drain|uninstall|exec|apply|replace|down)\b/u,
  },
  {
    id: "leaves-behind",
    what: "starts what goes on after the call",
    names: list("docker podman nerdctl docker-compose"),
    args: /\b(?:run|up)\b.* (?:-[a-zA-Z]*d|--detach)/u,
  },
  {
    id: "packages",
    what: "changes what is installed on the machine",
    names: list("apt apt-get aptitude dpkg yum dnf zypper pacman apk brew snap flatpak port"),
    args: /\b(?:install|reinstall|remove|purge|autoremove|erase|uninstall|add|del|upgrade|full-upgrade|dist-upgrade)\b|(?:^| )-(?:[a-zA-Z]*[irPRSU])/u,
  },
  {
    id: "cloud",
    what: "changes what runs elsewhere",
    names: list(
      "aws gcloud az doctl terraform tofu pulumi heroku fly flyctl vercel netlify wrangler firebase ansible ansible-playbook",
    ),
    args: /\b(?:apply|destroy|deploy|rm|rb|rmb|cp|mv|sync|up|down|scale|import|delete\S*|remove\S*|terminate\S*|create\S*|update\S*|put\S*|stop\S*|run\S*|invoke)\b/u,
  },
  {
    id: "publish",
    what: "publishes something",
    names: list("npm pnpm yarn bun cargo gem twine poetry uv flit hatch docker podman helm gh vsce ovsx jsr npx"),
    args: /\b(?:publish|unpublish|upload|push|yank|deprecate|dist-tag|owner|release (?:create|delete|upload)|repo (?:create|delete|edit)|gist create|secret)\b|(?:^| )api\b.* (?:-[a-zA-Z]*[XfF]|--(?:method|field|raw-f|input))/u,
  },
  {
    id: "firewall",
    what: "changes the network",
    names: list("iptables ip6tables nft ufw firewall-cmd pfctl ipset ifconfig route tc wg-quick nmcli networksetup ebtables"),
  },
  { id: "firewall", what: "changes the network", names: ["ip"], args: /\b(?:add|del|delete|set|flush|change|replace)\b/u },
  {
    id: "listener",
    what: "opens a way in, or a way out to another shell",
    names: list("nc ncat netcat socat telnet ngrok cloudflared chisel httpd"),
  },
  {
    id: "listener",
    what: "opens a way in, or a way out to another shell",
    names: list("python python2 python3 php openssl"),
    args: /(?:^| )(?:-m *(?:http\.server|SimpleHTTPServer|smtpd|pyftpdlib|twisted)|-S|s_client|s_server)\b/u,
  },
  {
    id: "remote",
    what: "works on another machine",
    names: list("ssh scp sftp rsync rclone ftp tftp mosh rsh"),
    when: (command) => command.name !== "rsync" || textsOf(command).some((text) => text.includes(":")),
  },
  {
    id: "upload",
    what: "sends files or data to a server",
    names: downloads,
    args: /(?:^| )(?:-[a-zA-Z]*[dFTXK]|--(?:data|form|upload|post|body|json|request|method|config|url-query|variable|expand)|(?:-[a-zA-Z]*H|--header) ?@)/u,
  },
  {
    id: "upload",
    what: "sends files or data to a server",
    names: list("http https xh"),
    args: /(?:^| )(?:POST|PUT|PATCH|DELETE)\b|(?:^| )[^ /:]*[@=]/u,
  },
  { id: "upload", what: "sends files or data to a server", names: list("mail mailx sendmail msmtp mutt neomutt swaks") },
];
