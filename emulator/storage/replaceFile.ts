import { open, rename, rm } from "node:fs/promises";

/**
 * Puts a text in the place of a file, wholly or not at all: on a full disk the old file stays as it was. One writer at
 * a time. Only its owner can read the file.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const unfinished = `${path}.new`;
  const bytes = Buffer.from(text);
  try {
    // What a killed process left is removed, so that nothing but a new file of ours is written to.
    await rm(unfinished, { force: true });
    const file = await open(unfinished, "wx", 0o600);
    try {
      await file.writeFile(bytes);
      const { size } = await file.stat();
      if (size !== bytes.length) throw new Error(`only ${size} of ${bytes.length} bytes were written`);
    } finally {
      await file.close();
    }
    // Not synced to the disk: a killed process loses nothing, and a killed machine only ends a make-believe cloud.
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw error;
  }
}
