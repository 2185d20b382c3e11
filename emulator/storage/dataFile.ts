import { lstatSync, mkdirSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { replaceFile } from "../../files/replaceFile";
import type { CloudState } from "../cloud/cloudState";
import { DataLock } from "./dataLock";
import { readSavedCloud, type SavedCloud } from "./savedCloud";

/** A change could not be stored, and was undone. */
export class WriteError extends Error {}

/** Where a cloud is kept between runs. Secrets are in it, so only its owner may read it. */
export class DataFile {
  /** The port of last time; undefined where there was no file. */
  readonly port: number | undefined;
  #saved: { version: number; port: number | undefined };
  /** Undefined before it listens and after it is closed: then nothing is written. */
  #port: number | undefined;
  #pendingWrite: Promise<void> | undefined;

  private constructor(
    /** As the user named it. */
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
   * Takes a file for this process alone and reads it, if there is one, into the empty cloud.
   *
   * @throws {Error} in one sentence where another emulator has it, or naming the place in it that is not right
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

  /** Where this emulator is: kept in the file, and told to others that want it. */
  setAddress(origin: string, port: number): void {
    this.#port = port;
    this.lock.setOrigin(origin);
  }

  /**
   * Resolves once all that has changed by now is in the file; callers at the same moment share one write.
   *
   * @returns whether something had to be written
   * @throws {WriteError} where it could not be written: then the cloud is again as the file has it
   */
  async flush(): Promise<boolean> {
    const wanted = this.cloud.undoLog.version;
    if (this.#isSaved(wanted)) return false;
    while (!this.#isSaved(wanted)) {
      this.#pendingWrite ??= this.#write();
      await this.#pendingWrite;
    }
    return true;
  }

  #isSaved(version: number): boolean {
    const { version: saved, port } = this.#saved;
    return this.#port === undefined || (saved >= version && port === this.#port);
  }

  /** Saves, and lets others have the file. */
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
      // Not synced to the disk: a killed process loses nothing, and a killed machine only ends a make-believe cloud.
      await replaceFile(this.target, JSON.stringify(saved), { mode: 0o600, sync: false });
      this.#saved = { version, port: saved.port };
      undoLog.discardUpTo(version);
    } catch (error) {
      // No request may come between this and the end of the write: it would wait for a write that has failed.
      if (this.#saved.version >= 0) undoLog.rollBackTo(this.#saved.version);
      throw new WriteError(`${this.path} cannot be written, so this was not done: ${describeError(error)}`, {
        cause: error,
      });
    } finally {
      this.#pendingWrite = undefined;
    }
  }
}

/** The file that a path means, by whatever links; its folder is made if need be. */
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
