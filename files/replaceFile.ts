import { randomUUID } from "node:crypto";
import { chmod, chown, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

interface Options {
  /** Permissions of the file. @default those of the present file, or what the umask leaves */
  mode?: number;
  /** Whether to wait until the text is on the disk, and not only with the system. @default true */
  sync?: boolean;
}

/**
 * Writes a file whole or not at all: a reader sees the old text or the new one, and on a full disk the old one stays.
 * A symbolic link keeps leading to the file.
 *
 * @throws the system's error, such as ENOSPC; the file is then as it was
 */
export async function replaceFile(path: string, text: string, options: Options = {}): Promise<void> {
  // A link whose target is not there yet is replaced itself.
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
    // Goes on after a short write until all is written, or throws. A single fs.write does not.
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
  // Only root may give a file away. For anybody else the new file is their own.
  if (process.getuid?.() === 0) await chown(to, present.uid, present.gid);
}
