import { execa } from "execa";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { coerce, gte } from "semver";
import { OLDEST_VERSION } from "./version";

/** The plugins that the engine starts: the host for programs, and the host for dynamic providers. */
const HOSTS = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"] as const;

/** A folder that holds a usable `pulumi`, or the reason why the one found is not usable. */
export type Finding = { folder: string } | { lack: string };

/** Checks the first `pulumi` on PATH. Its hosts may be beside it or anywhere on PATH, as for the engine. */
export async function findOnPath(): Promise<Finding> {
  const folders = foldersOnPath();
  const folder = folders.find((candidate) => isExecutable(join(candidate, "pulumi")));
  return folder === undefined ? { lack: "there is no pulumi on PATH" } : findIn(folder, folders);
}

/** Checks one folder. Looks for the hosts in `others`, too. */
export async function findIn(folder: string, others: string[] = []): Promise<Finding> {
  const pulumi = join(folder, "pulumi");
  if (!isExecutable(pulumi)) return { lack: `there is no pulumi in ${folder}` };
  const host = firstMissing(HOSTS, [folder, ...others]);
  if (host !== undefined) return { lack: `${pulumi} has no ${host}` };
  const { stdout, failed } = await execa(pulumi, ["version"], {
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
    stdin: "ignore",
    timeout: 30_000,
    reject: false,
  });
  const version = coerce(stdout, { includePrerelease: true });
  if (failed || version === null) return { lack: `${pulumi} does not tell its version` };
  return gte(version, OLDEST_VERSION)
    ? { folder }
    : { lack: `${pulumi} is ${version.version}, older than ${OLDEST_VERSION}` };
}

/** The first of these programs that the engine in `folder` can't find: it looks beside itself and on PATH. */
export const missingFor = (folder: string, programs: readonly string[]): string | undefined =>
  firstMissing(programs, [folder, ...foldersOnPath()]);

const firstMissing = (programs: readonly string[], folders: readonly string[]): string | undefined =>
  programs.find((name) => !folders.some((folder) => isExecutable(join(folder, name))));

const foldersOnPath = (): string[] => (process.env.PATH ?? "").split(delimiter).filter(Boolean);

/** Whether `file` exists and can be run. */
function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
