import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Files that only the user can write to, because their content decides which key is deleted. A folder that others can
 * write to is not used, and links in it are not followed.
 */

/**
 * A folder below the journal's folder, or the journal's folder itself. Creates it if it is missing.
 *
 * @throws Error with a sentence if the folder can't be trusted
 */
export function privateFolder(...below: readonly string[]): string {
  const root = journalFolder();
  for (const path of [root, join(root, ...below)]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    assertPrivate(path);
  }
  return join(root, ...below);
}

/** The folders of this name that exist and can be trusted: below the journal's folder, and below its default. */
export function privateFolders(name: string): string[] {
  return [journalFolder, defaultJournalFolder].flatMap((rootOf) => {
    try {
      const folder = join(rootOf(), name);
      assertPrivate(folder);
      return [folder];
    } catch {
      return [];
    }
  });
}

function assertPrivate(folder: string): void {
  const stats = statSync(folder);
  if (!stats.isDirectory()) throw new Error(`${folder} is not a folder`);
  if (!isOwned(stats) || !isOwned(lstatSync(folder), 0)) throw new Error(`${folder} belongs to another user`);
  if (canOthersWrite(stats)) {
    throw new Error(`other users can write to ${folder}: run \`chmod 700 ${folder}\``);
  }
}

/**
 * Opens a file that only the user can write to.
 *
 * @param flags of `open(2)`; links are never followed
 * @throws Error if the path is not a regular file of this user, or if others can write to it
 */
export function openPrivate(path: string, flags: number): number {
  const descriptor = openWithoutFollowing(path, flags);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new Error("it is not a regular file");
    if (!isOwned(stats)) throw new Error("it belongs to another user");
    if (canOthersWrite(stats)) throw new Error("other users can write to it");
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function openWithoutFollowing(path: string, flags: number): number {
  try {
    return openSync(path, flags | noFollow, 0o600);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "ELOOP" ? new Error("it is a link") : error;
  }
}

/** Windows has neither flag. Without `O_NONBLOCK`, opening a pipe waits forever. */
const noFollow =
  ((constants.O_NOFOLLOW as number | undefined) ?? 0) | ((constants.O_NONBLOCK as number | undefined) ?? 0);

export const readPrivate = (path: string): string =>
  during(openPrivate(path, constants.O_RDONLY), (descriptor) => readFileSync(descriptor, "utf8"));

/** Appends to a file. @param isNew whether the file may be created */
export const appendPrivate = (path: string, text: string, isNew = true): void =>
  during(
    openPrivate(path, constants.O_WRONLY | constants.O_APPEND | (isNew ? constants.O_CREAT : 0)),
    (descriptor) => writeFileSync(descriptor, text),
  );

/** Replaces a file completely or not at all. */
export function replacePrivate(path: string, text: string): void {
  const unfinished = `${path}.${randomUUID()}`;
  try {
    writeFileSync(unfinished, text, { mode: 0o600, flag: "wx" });
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

function during<T>(descriptor: number, work: (descriptor: number) => T): T {
  try {
    return work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Whether a file belongs to this user, or to one of the other users who may own it. Windows doesn't have such owners.
 */
const isOwned = ({ uid }: Stats, ...others: readonly number[]): boolean =>
  process.geteuid === undefined || [process.geteuid(), ...others].includes(uid);

const canOthersWrite = ({ mode }: Stats): boolean => process.geteuid !== undefined && (mode & 0o022) !== 0;

/** The journal's folder: `DT_JOURNAL`, or the system's place for a user's private data. */
const journalFolder = (): string => process.env.DT_JOURNAL || defaultJournalFolder();

const defaultJournalFolder = (): string => join(dataFolder(), "journal");

function dataFolder(): string {
  const { LOCALAPPDATA, XDG_DATA_HOME } = process.env;
  if (process.platform === "win32")
    return join(LOCALAPPDATA || join(home(), "AppData", "Local"), "pulumi-dt", "Data");
  if (process.platform === "darwin") return join(home(), "Library", "Application Support", "pulumi-dt");
  return join(XDG_DATA_HOME || join(home(), ".local", "share"), "pulumi-dt");
}

/**
 * Node throws if neither `HOME` nor the user database names a home folder, as in a container with an arbitrary user id.
 */
function home(): string {
  try {
    return homedir();
  } catch {
    throw new Error("the user has no home folder");
  }
}
