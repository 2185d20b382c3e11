import { PulumiCommand } from "@pulumi/pulumi/automation/cmd";
import got from "got";
import { SemVer } from "semver";
import { say, timed } from "../say";
import { PINNED_VERSION } from "./version";

const INSTALL_SCRIPT = "https://get.pulumi.com/install.sh";
const PROBE_MS = 4_000;
const DOWNLOAD_MS = 300_000;

/**
 * Installs the official release into `root`/bin, unless the variable PULUMI_DT_NO_DOWNLOAD is set.
 *
 * @returns whether it is installed now; without a network this is false instead of an error, because it can
 * still be built
 */
export async function download(root: string): Promise<boolean> {
  if (process.env.PULUMI_DT_NO_DOWNLOAD !== undefined) return false;
  const unreachable = await probe();
  if (unreachable !== undefined) {
    say(`no download: get.pulumi.com cannot be reached (${unreachable})`);
    return false;
  }
  try {
    const version = new SemVer(PINNED_VERSION);
    await timed(`downloading Pulumi ${PINNED_VERSION} from get.pulumi.com (some 150 MB)`, () =>
      // The installer has no time limit.
      within(DOWNLOAD_MS, PulumiCommand.install({ version, root })),
    );
    return true;
  } catch (error) {
    say(`  the download failed: ${firstLine(error)}`);
    return false;
  }
}

async function probe(): Promise<string | undefined> {
  try {
    await got.head(INSTALL_SCRIPT, { timeout: { request: PROBE_MS }, retry: { limit: 0 } });
    return undefined;
  } catch (error) {
    return firstLine(error);
  }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${milliseconds / 1000} s`)), milliseconds);
  });
  return Promise.race([work, tooLate]).finally(() => clearTimeout(timer));
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
}
