import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { printable } from "../provider/api/text/foreignText.js";

/**
 * Reads the file that an argument or an option names. `-` is standard input.
 *
 * @throws Error in one sentence if it can't be read
 */
export async function readGiven(path: string): Promise<string> {
  if (path === "-") return text(process.stdin);
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const why = reasons[code] ?? `it can't be read (${code || (error as Error).message})`;
    throw new Error(`${printable(path)}: ${why}`, { cause: error });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder, not a file",
  EACCES: "this user may not read it",
};
