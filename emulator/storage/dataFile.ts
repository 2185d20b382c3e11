import { lstatSync, mkdirSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { replaceFile } from "../../files/replaceFile";
import type { CloudState } from "../cloud/cloudState";
import { DataLock } from "./dataLock";
import { readSavedCloud, type SavedCloud } from "./savedCloud";

/** A change could not be written and was undone. */
export class WriteError extends Error {}

/** Keeps a cloud between runs. The file contains secrets, so only its owner can read it. */
export class DataFile {
  /** The port of the last run; undefined if there was no file. */
  readonly port: number | undefined;
  #saved: { version: number; port: number | undefined };
  /** Undefined before the emulator listens and after it is closed. Nothing is written then. */
  #port: number | undefined;
  #pendingWrite: Promise<void> | undefined;

  private constructor(
    /** The path that the user gave. */
    readonly path: string,
    private readonly target: string,
    private readonly cloud: CloudState,
    private readonly lock: DataLock,
  ) {
    const saved = readSavedCloud(target, path);
    if (saved) cloud.restore(saved.world);
    this.port = saved?.port;
    this.#saved = { version: saved ? cloud.undoLog.version : -1, port: saved?.port };
    cloud.undoLog.keepsHistory = true;
  }

  /**
   * Locks a file for this process and reads it, if it exists, into the empty cloud.
   *
   * @throws {Error} naming the emulator that uses the file, or the invalid place in it
   */
  static async open(path: string, cloud: CloudState): Promise<DataFile> {
    const named = resolve(path);
    const target = resolveTarget(named);
    const lock = await DataLock.take(target, named);
    try {
      return new DataFile(named, target, cloud, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Records where this emulator listens: in the data file, and in the lock file for others. */
  setAddress(origin: string, port: number): void {
    this.#port = port;
    this.lock.setOrigin(origin);
  }

  /**
   * Waits until all changes so far are in the file. Concurrent callers share one write.
   *
   * @returns whether a write was needed
   * @throws {WriteError} if the write failed; the cloud is rolled back to the content of the file
   */
  async flush(): Promise<boolean> {
    const wantedVersion = this.cloud.undoLog.version;
    if (this.#isSaved(wantedVersion)) return false;
    while (!this.#isSaved(wantedVersion)) {
      this.#pendingWrite ??= this.#write();
      await this.#pendingWrite;
    }
    return true;
  }

  #isSaved(version: number): boolean {
    const { version: saved, port } = this.#saved;
    return this.#port === undefined || (saved >= version && port === this.#port);
  }

  /** Writes the last changes and releases the lock. */
  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      this.#port = undefined;
      this.lock.release();
    }
  }

  async #write(): Promise<void> {
    const { undoLog } = this.cloud;
    const { version } = undoLog;
    const saved: SavedCloud = { format: 1, port: this.#port ?? 0, world: this.cloud.snapshot() };
    try {
      // No fsync: a killed process loses nothing, and an emulated cloud need not survive a power failure.
      await replaceFile(this.target, JSON.stringify(saved), { mode: 0o600, sync: false });
      this.#saved = { version, port: saved.port };
      undoLog.discardUpTo(version);
    } catch (error) {
      // Roll back before the pending write is cleared: a request in between would wait for a write that has failed.
      if (this.#saved.version >= 0) undoLog.rollBackTo(this.#saved.version);
      throw new WriteError(
        `${this.path} cannot be written, so the change was undone: ${describeError(error)}`,
        {
          cause: error,
        },
      );
    } finally {
      this.#pendingWrite = undefined;
    }
  }
}

/** Resolves all symbolic links of a path, also to a file that does not exist. Creates its folder if needed. */
function resolveTarget(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  try {
    return realpathSync.native(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const here = join(realpathSync.native(dirname(path)), basename(path));
  const isLink = lstatSync(here, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink ? resolveTarget(resolve(dirname(here), readlinkSync(here))) : here;
}

const describeError = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ENOSPC" || code === "EDQUOT" ? `the disk is full (${code})` : message;
};
