import { execa } from "execa";
import { succeeds } from "./succeeds";

/** The package managers that we know, with the arguments that install packages without asking. */
const managers = {
  "apt-get": {
    refresh: ["update", "-qq"],
    install: ["install", "-y", "-qq", "--no-install-recommends"],
    asRoot: true,
  },
  dnf: { refresh: undefined, install: ["install", "-y", "-q"], asRoot: true },
  apk: { refresh: undefined, install: ["add", "-q"], asRoot: true },
  brew: { refresh: undefined, install: ["install", "-q"], asRoot: false },
} as const;
export type ManagerName = keyof typeof managers;

/** The package manager of this machine, and whether we may use it. */
export interface PackageManager {
  readonly name: ManagerName;
  /** The command that a person would type. */
  command(packages: readonly string[]): string;
  /** Undefined if installing needs a password. @throws the last lines of the output if it fails */
  readonly install: ((packages: readonly string[]) => Promise<void>) | undefined;
}

/** The first one on PATH. */
export async function findPackageManager(): Promise<PackageManager | undefined> {
  for (const name of Object.keys(managers) as ManagerName[]) {
    if (!(await succeeds(name, "--version"))) continue;
    const { install, asRoot } = managers[name];
    const isRoot = process.getuid?.() === 0;
    const sudo = asRoot && !isRoot ? ["sudo"] : [];
    const mayInstall = sudo.length === 0 || (await succeeds("sudo", "-n", "true"));
    const prefix = sudo.length === 0 ? [] : ["sudo", "-n"];
    return {
      name,
      command: (packages) => [...sudo, name, install[0], ...install.slice(1), ...packages].join(" "),
      install: mayInstall ? (packages) => installWith(name, prefix, packages) : undefined,
    };
  }
  return undefined;
}

async function installWith(
  name: ManagerName,
  prefix: readonly string[],
  packages: readonly string[],
): Promise<void> {
  const { refresh, install } = managers[name];
  for (const words of refresh === undefined ? [install] : [refresh, install]) {
    const [file = "", ...args] = [...prefix, name, ...words, ...(words === install ? packages : [])];
    const { failed, all = "" } = await execa(file, args, {
      env: { DEBIAN_FRONTEND: "noninteractive" },
      stdin: "ignore",
      all: true,
      reject: false,
    });
    if (failed) throw new Error(`${[name, ...words].join(" ")}: ${all.trim().split("\n").at(-1) ?? ""}`);
  }
}
