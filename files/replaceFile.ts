import { randomUUID } from "node:crypto";
import { chmod, chown, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

interface Options {
  /** The file's permissions. @default those of the existing file, or those that the umask allows */
  mode?: number;
  /** Whether to wait until the text is on the disk, not only in the system's cache. @default true */
  sync?: boolean;
}

/**
 * Replaces a file atomically. A reader sees the old text or the new one, and on a full disk the old text stays. A
 * symbolic link stays a link; its target is replaced.
 *
 * @throws the system's error, such as ENOSPC; the file is then unchanged
 */
export async function replaceFile(path: string, text: string, options: Options = {}): Promise<void> {
  // A link whose target doesn't exist is replaced by the file.
  const file = await realpath(path).catch(() => path);
  const unfinished = join(dirname(file), `.${basename(file)}.${randomUUID()}.unfinished`);
  try {
    await write(unfinished, text, options);
    await takeOverOwner(file, unfinished, options.mode);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function write(file: string, text: string, { mode = 0o666, sync = true }: Options): Promise<void> {
  const handle = await open(file, "wx", mode);
  try {
    // Unlike fs.write, this continues after a short write until everything is written, or throws.
    await handle.writeFile(text);
    if (sync) await handle.sync();
  } finally {
    await handle.close();
  }
}

async function takeOverOwner(from: string, to: string, mode: number | undefined): Promise<void> {
  const present = await stat(from).catch(() => undefined);
  if (present === undefined) return;
  await chmod(to, mode ?? present.mode);
  // Only root can change a file's owner. Other users own the new file.
  if (process.getuid?.() === 0) await chown(to, present.uid, present.gid);
}
